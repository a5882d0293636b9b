package io.hubwire.https.loopback;

import io.hubwire.auth.TlsTrust;
import io.hubwire.auth.X509Identity;
import io.hubwire.https.HttpsOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.MockWebServer;
import okhttp3.mockwebserver.RecordedRequest;

/**
 * A scripted HTTPS server on a free loopback port, with a certificate of its own CA: says what it is told to, in order,
 * and remembers what it was asked.
 */
public final class LoopbackServer implements AutoCloseable {
    private static final Logger CHATTER = Logger.getLogger(MockWebServer.class.getName());

    static {
        CHATTER.setLevel(Level.SEVERE); // or it prints two lines for each request
    }

    private final TestCa ca = new TestCa("loopback CA");
    private final MockWebServer server = new MockWebServer();
    private final String hostName;

    private LoopbackServer(String hostName) {
        this.hostName = hostName;
    }

    /** A server whose certificate is good for {@code hostName} and 127.0.0.1. */
    public static LoopbackServer start(String hostName) {
        return start(hostName, false);
    }

    /** The same behind an HTTP proxy: its first answers are to CONNECT, in the clear. */
    public static LoopbackServer startBehindTunnel(String hostName) {
        return start(hostName, true);
    }

    private static LoopbackServer start(String hostName, boolean tunnel) {
        LoopbackServer started = new LoopbackServer(hostName);
        started.server.useHttps(started.ca.serverContext(hostName, "127.0.0.1").getSocketFactory(), tunnel);
        try {
            started.server.start(InetAddress.getLoopbackAddress(), 0);
        } catch (IOException noPort) {
            throw new IllegalStateException(noPort);
        }
        return started;
    }

    /** Options that reach this server under its host name. */
    public HttpsOptions.Builder options() {
        return HttpsOptions.to(hostName)
                .port(server.getPort())
                .connectHost("127.0.0.1")
                .trust(trust());
    }

    public TlsTrust trust() {
        return TlsTrust.certificates(List.of(ca.certificate()));
    }

    /** A client certificate this server accepts when {@link MockWebServer#requestClientAuth()} makes it ask. */
    public X509Identity clientIdentity(String commonName) {
        return ca.clientIdentity(commonName);
    }

    public int port() {
        return server.getPort();
    }

    /** The next answer in line. */
    public LoopbackServer answers(MockResponse response) {
        server.enqueue(response);
        return this;
    }

    /** The next answer in line. */
    public LoopbackServer answers(int status, String json) {
        return answers(new MockResponse()
                .setResponseCode(status)
                .setHeader("Content-Type", "application/json; charset=utf-8")
                .setBody(json));
    }

    /** The next request in line; fails after five seconds without one. */
    public RecordedRequest takeRequest() {
        try {
            RecordedRequest request = server.takeRequest(5, TimeUnit.SECONDS);
            if (request == null) {
                throw new AssertionError("no request within five seconds");
            }
            return request;
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    /** Requests so far. */
    public int requestCount() {
        return server.getRequestCount();
    }

    /** For what the methods above do not offer. */
    public MockWebServer server() {
        return server;
    }

    @Override
    public void close() {
        try {
            server.shutdown();
        } catch (IOException broken) {
            throw new IllegalStateException(broken);
        }
    }
}
