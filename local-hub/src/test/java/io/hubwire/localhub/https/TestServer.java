package io.hubwire.localhub.https;

import io.hubwire.auth.TlsTrust;
import io.hubwire.localhub.endpoint.WebSocketBackend;
import io.hubwire.localhub.https.Api.Incident;
import io.hubwire.localhub.tls.HubTls;
import io.hubwire.protocol.trace.WireTrace;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import okhttp3.OkHttpClient;
import okhttp3.Request;

/** The endpoint's server with routes and backends of a test's choice, and a client that trusts it. */
final class TestServer implements AutoCloseable {
    static final Instant NOW = Instant.parse("2024-01-02T03:04:05Z");
    static final UUID TRACKING = UUID.fromString("01234567-89ab-cdef-0123-456789abcdef");

    final List<WireTrace.Event> seen = new CopyOnWriteArrayList<>();
    final OkHttpClient client;
    private final HubTls tls;
    private final JettyServer jetty;

    private TestServer(Path folder, List<Route> routes, WebSocketBackend mqtt, WebSocketBackend amqp)
            throws IOException, GeneralSecurityException {
        tls = HubTls.open(folder, List.of("localhost", "127.0.0.1"), Clock.systemUTC(), new SecureRandom());
        Supplier<Incident> incidents = () -> new Incident(TRACKING, NOW);
        HttpTrace trace = new HttpTrace(seen::add);
        jetty = JettyServer.start(
                tls,
                List.of(InetAddress.getLoopbackAddress()),
                0,
                server -> new Dispatcher(
                        new RouteTable(routes), new WebSocketDoor(server, mqtt, amqp, trace), trace, incidents),
                new EarlyRefusal(trace, incidents));
        client = client(tls);
    }

    static TestServer withRoutes(Path folder, Route... routes) throws IOException, GeneralSecurityException {
        WebSocketBackend none = (facts, peer) -> {
            throw new IllegalStateException("no WebSocket in this test");
        };
        return new TestServer(folder, List.of(routes), none, none);
    }

    static TestServer withBackends(Path folder, WebSocketBackend mqtt, WebSocketBackend amqp)
            throws IOException, GeneralSecurityException {
        return new TestServer(folder, List.of(), mqtt, amqp);
    }

    static OkHttpClient client(HubTls tls) {
        TlsTrust trust = TlsTrust.pem(tls.caFile());
        return new OkHttpClient.Builder()
                .sslSocketFactory(trust.context().getSocketFactory(), trust.trustManager())
                .readTimeout(Duration.ofSeconds(20))
                .build();
    }

    HubTls tls() {
        return tls;
    }

    int port() {
        return jetty.port();
    }

    Request.Builder request(String path) {
        return new Request.Builder().url("https://localhost:" + port() + path);
    }

    @Override
    public void close() {
        client.dispatcher().executorService().shutdownNow();
        client.connectionPool().evictAll();
        jetty.close();
    }
}
