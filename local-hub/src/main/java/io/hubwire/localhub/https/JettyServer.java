package io.hubwire.localhub.https;

import io.hubwire.localhub.endpoint.Listener;
import io.hubwire.localhub.tls.HubTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http.UriCompliance.Violation;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ScheduledExecutorScheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Jetty as this hub needs it: HTTP/1.1 over TLS 1.2 and 1.3, daemon threads, bounds everywhere, any client certificate
 * taken and none required, ids in paths left alone.
 */
final class JettyServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JettyServer.class);

    private static final int MAX_THREADS = 32;
    private static final int MIN_THREADS = 2;
    /** Bounds the jobs that wait for a thread, of which a connection has one or two. WebSockets count too. */
    private static final int MAX_CONNECTIONS = 20_000;

    private static final Duration IDLE_CONNECTION = Duration.ofMinutes(2);
    private static final Duration STOP = Duration.ofMillis(200);
    /** A message's properties travel as headers, and together they may have 256 KB. */
    private static final int MAX_HEADER_BYTES = 288 * 1024;

    private final Server server;
    private final int port;

    private JettyServer(Server server, int port) {
        this.server = server;
        this.port = port;
    }

    /**
     * Starts listening at one port of each address.
     *
     * @param port 0 to 65535; 0 takes a free one
     * @param handler made for the server before it starts
     * @param errors answers what Jetty itself refuses
     * @throws IOException when the port cannot be had
     */
    static JettyServer start(
            HubTls tls,
            List<InetAddress> addresses,
            int port,
            Function<Server, Handler> handler,
            Request.Handler errors)
            throws IOException {
        Server server = new Server(threads(), new ScheduledExecutorScheduler("hub-https-timer", true), null);
        server.setStopTimeout(0);
        server.setErrorHandler(errors);
        server.setHandler(handler.apply(server));
        try {
            List<OpenConnector> open = Listener.openAll(addresses, port, address -> open(server, tls, address));
            open.forEach(listener -> server.addConnector(listener.connector()));
            server.addBean(new NetworkConnectionLimit(MAX_CONNECTIONS, server));
            server.start();
            return new JettyServer(server, open.get(0).port());
        } catch (IOException e) {
            stop(server);
            throw e;
        } catch (Exception e) {
            stop(server);
            throw new IOException("the HTTPS endpoint cannot be started at port [" + port + "]", e);
        }
    }

    /** A connector of Jetty, listening. */
    private record OpenConnector(ServerConnector connector) implements Listener {
        @Override
        public int port() {
            return connector.getLocalPort();
        }

        @Override
        public void close() {
            connector.close();
        }
    }

    private static OpenConnector open(Server server, HubTls tls, InetSocketAddress address) throws IOException {
        ServerConnector connector = new ServerConnector(server, 1, 1, secure(tls), http());
        connector.setHost(address.getAddress().getHostAddress());
        connector.setPort(address.getPort());
        connector.setIdleTimeout(IDLE_CONNECTION.toMillis());
        connector.open();
        return new OpenConnector(connector);
    }

    private static QueuedThreadPool threads() {
        QueuedThreadPool pool = new QueuedThreadPool(MAX_THREADS, MIN_THREADS, (int) IDLE_CONNECTION.toMillis());
        pool.setName("hub-https");
        pool.setDaemon(true);
        pool.setReservedThreads(0);
        // with 0 Jetty would not wait at all, and leave its threads behind
        pool.setStopTimeout(STOP.toMillis());
        if (VirtualThreads.areSupported()) {
            pool.setVirtualThreadsExecutor(VirtualThreads.getNamedVirtualThreadsExecutor("hub-https-"));
        }
        return pool;
    }

    private static SslConnectionFactory secure(HubTls hubTls) {
        SslContextFactory.Server tls = new SslContextFactory.Server();
        tls.setSslContext(hubTls.serverContext());
        tls.setIncludeProtocols("TLSv1.2", "TLSv1.3");
        tls.setWantClientAuth(true);
        return new SslConnectionFactory(tls, "http/1.1");
    }

    private static HttpConnectionFactory http() {
        HttpConfiguration http = new HttpConfiguration();
        SecureRequestCustomizer secure = new SecureRequestCustomizer();
        // the hub answers to every name it is reached by; tokens say which hub is meant
        secure.setSniHostCheck(false);
        http.addCustomizer(secure);
        http.setSendServerVersion(false);
        http.setRequestHeaderSize(MAX_HEADER_BYTES);
        http.setResponseHeaderSize(MAX_HEADER_BYTES);
        // "Red" and "red" are two values of a property
        http.setHeaderCacheCaseSensitive(true);
        // ids may hold % and ; and so on; RequestTarget splits the raw path and nothing here is a file
        http.setUriCompliance(UriCompliance.DEFAULT.with(
                "HUB_IDS",
                Violation.AMBIGUOUS_PATH_SEGMENT,
                Violation.AMBIGUOUS_EMPTY_SEGMENT,
                Violation.AMBIGUOUS_PATH_SEPARATOR,
                Violation.AMBIGUOUS_PATH_PARAMETER,
                Violation.AMBIGUOUS_PATH_ENCODING,
                Violation.BAD_UTF8_ENCODING,
                Violation.TRUNCATED_UTF8_ENCODING,
                Violation.SUSPICIOUS_PATH_CHARACTERS,
                Violation.ILLEGAL_PATH_CHARACTERS));
        return new HttpConnectionFactory(http);
    }

    int port() {
        return port;
    }

    /** Cuts all connections and ends all threads. */
    @Override
    public void close() {
        stop(server);
    }

    private static void stop(Server server) {
        try {
            server.stop();
        } catch (Exception e) {
            LOG.warn("HTTPS endpoint did not stop cleanly", e);
        }
        server.destroy();
    }
}
