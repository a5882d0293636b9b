package io.hubwire.localhub.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.hubwire.auth.TlsTrust;
import io.hubwire.localhub.engine.AllocationWebhook.Reply;
import io.hubwire.localhub.tls.HubTls;
import io.hubwire.protocol.time.FakeTime;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The way to a webhook, over real HTTP and HTTPS on loopback. */
@Timeout(60)
class HttpWebhookTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static HubTls tls;

    private final FakeTime time = new FakeTime(Instant.parse("2026-01-01T00:00:00Z"));
    private final HttpWebhook webhook =
            new HttpWebhook(TlsTrust.pem(tls.caFile()).context().getSocketFactory(), time, LIMIT);
    private final ExecutorService serverThreads = Executors.newCachedThreadPool();

    @TempDir
    static Path folder;

    @BeforeAll
    static void authority() throws Exception {
        tls = HubTls.open(folder, List.of("localhost", "127.0.0.1"), Clock.systemUTC(), new SecureRandom());
    }

    @AfterAll
    static void noThreadIsLeft() {
        await().atMost(Duration.ofSeconds(10)).until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().startsWith("hubwire-webhook")));
    }

    @AfterEach
    void close() {
        webhook.close();
        serverThreads.shutdownNow();
    }

    @Test
    void posts_json_and_brings_back_what_was_answered() throws Exception {
        HttpServer server = serve(HttpServer.create(loopback(), 0), exchange -> {
            String heard = exchange.getRequestMethod() + " "
                    + exchange.getRequestHeaders().getFirst("Content-Type") + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            answer(exchange, 200, heard.getBytes(StandardCharsets.UTF_8));
        });
        Reply reply = post("http", server).get(20, TimeUnit.SECONDS);
        server.stop(0);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(new String(reply.body(), StandardCharsets.UTF_8))
                .isEqualTo("POST application/json; charset=utf-8 {\"a\":1}");
    }

    @Test
    void speaks_https_with_a_server_of_the_hub_s_authority_only() throws Exception {
        HttpsServer server = HttpsServer.create(loopback(), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls.serverContext()));
        serve(server, exchange -> answer(exchange, 201, new byte[0]));
        assertThat(post("https", server).get(20, TimeUnit.SECONDS).status()).isEqualTo(201);
        try (HttpWebhook distrustful =
                new HttpWebhook(TlsTrust.platform().context().getSocketFactory(), time, LIMIT)) {
            assertThatThrownBy(() -> distrustful
                            .post(address("https", server.getAddress().getPort()), body())
                            .get(20, TimeUnit.SECONDS))
                    .hasRootCauseInstanceOf(GeneralSecurityException.class);
        }
        server.stop(0);
    }

    @Test
    void an_error_status_is_an_answer_and_a_redirect_is_not_followed() throws Exception {
        HttpServer server = serve(HttpServer.create(loopback(), 0), exchange -> {
            exchange.getResponseHeaders().set("Location", "http://localhost:1/");
            answer(exchange, exchange.getRequestURI().getPath().equals("/moved") ? 302 : 500, new byte[] {'x'});
        });
        int port = server.getAddress().getPort();
        assertThat(webhook.post(address("http", port), body())
                        .get(20, TimeUnit.SECONDS)
                        .status())
                .isEqualTo(500);
        assertThat(webhook.post(URI.create("http://localhost:" + port + "/moved"), body())
                        .get(20, TimeUnit.SECONDS)
                        .status())
                .isEqualTo(302);
        server.stop(0);
    }

    @Test
    void tells_when_nobody_listens_or_the_answer_is_endless() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        assertFails(webhook.post(address("http", port), body()), "refused");
        HttpServer server =
                serve(HttpServer.create(loopback(), 0), exchange -> answer(exchange, 200, new byte[300_000]));
        assertFails(post("http", server), "longer than 262144 bytes");
        server.stop(0);
    }

    @Test
    void gives_up_after_its_limit() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Reply> reply = webhook.post(address("http", silent.getLocalPort()), body());
            silent.accept(); // the request is on its way, and the limit is set
            time.advance(LIMIT.minusMillis(1));
            assertThat(reply).isNotDone();
            time.advance(Duration.ofMillis(1));
            assertFails(reply, "no answer within 10000 ms");
        }
    }

    @Test
    void calls_no_other_machine_and_nobody_once_closed() {
        assertFails(webhook.post(URI.create("http://192.0.2.1/"), body()), "is not on this machine");
        webhook.close();
        assertFails(webhook.post(address("http", 1), body()), "is stopping");
    }

    private CompletableFuture<Reply> post(String scheme, HttpServer server) {
        return webhook.post(address(scheme, server.getAddress().getPort()), body());
    }

    private HttpServer serve(HttpServer server, HttpHandler handler) {
        server.createContext("/", handler);
        server.setExecutor(serverThreads);
        server.start();
        return server;
    }

    private static void assertFails(CompletableFuture<Reply> reply, String why) {
        assertThatThrownBy(() -> reply.get(20, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(IOException.class)
                .hasMessageContaining(why);
    }

    private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private static URI address(String scheme, int port) {
        return URI.create(scheme + "://localhost:" + port + "/choose");
    }

    private static byte[] body() {
        return "{\"a\":1}".getBytes(StandardCharsets.UTF_8);
    }
}
