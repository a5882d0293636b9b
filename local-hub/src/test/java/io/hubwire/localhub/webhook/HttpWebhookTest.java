package io.hubwire.localhub.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hubwire.auth.TlsTrust;
import io.hubwire.localhub.engine.AllocationWebhook.Reply;
import io.hubwire.localhub.tls.HubTls;
import io.hubwire.localhub.webhook.WebhookServer.Answer;
import io.hubwire.protocol.time.FakeTime;
import java.io.IOException;
import java.net.InetAddress;
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
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
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
    }

    @Test
    void posts_json_and_brings_back_what_was_answered() throws Exception {
        try (WebhookServer server = WebhookServer.http(question -> new Answer(
                200,
                (question.method() + " " + question.contentType() + " " + question.body())
                        .getBytes(StandardCharsets.UTF_8)))) {
            Reply reply = post("http", server, "/choose").get(20, TimeUnit.SECONDS);
            assertThat(reply.status()).isEqualTo(200);
            assertThat(new String(reply.body(), StandardCharsets.UTF_8))
                    .isEqualTo("POST application/json; charset=utf-8 {\"a\":1}");
        }
    }

    @Test
    void speaks_https_with_a_server_of_the_hub_s_authority_only() throws Exception {
        try (WebhookServer server = WebhookServer.https(tls, question -> new Answer(201, new byte[0]));
                HttpWebhook distrustful =
                        new HttpWebhook(TlsTrust.platform().context().getSocketFactory(), time, LIMIT)) {
            assertThat(post("https", server, "/choose")
                            .get(20, TimeUnit.SECONDS)
                            .status())
                    .isEqualTo(201);
            assertThatThrownBy(() -> distrustful
                            .post(address("https", server.port(), "/choose"), body())
                            .get(20, TimeUnit.SECONDS))
                    .hasRootCauseInstanceOf(GeneralSecurityException.class);
        }
    }

    @Test
    void an_error_status_is_an_answer_and_a_redirect_is_not_followed() throws Exception {
        try (WebhookServer server = WebhookServer.http(question -> new Answer(
                question.path().equals("/moved") ? 302 : 500,
                new byte[] {'x'},
                Map.of("Location", "http://localhost:1/")))) {
            assertThat(post("http", server, "/choose").get(20, TimeUnit.SECONDS).status())
                    .isEqualTo(500);
            assertThat(post("http", server, "/moved").get(20, TimeUnit.SECONDS).status())
                    .isEqualTo(302);
        }
    }

    @Test
    void tells_when_nobody_listens_or_the_answer_is_endless() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        assertFails(webhook.post(address("http", port, "/choose"), body()), "refused");
        try (WebhookServer server = WebhookServer.http(question -> new Answer(200, new byte[300_000]))) {
            assertFails(post("http", server, "/choose"), "longer than 262144 bytes");
        }
    }

    @Test
    void gives_up_after_its_limit() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Reply> reply = webhook.post(address("http", silent.getLocalPort(), "/choose"), body());
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
        assertFails(webhook.post(address("http", 1, "/choose"), body()), "is stopping");
    }

    private CompletableFuture<Reply> post(String scheme, WebhookServer server, String path) {
        return webhook.post(address(scheme, server.port(), path), body());
    }

    private static void assertFails(CompletableFuture<Reply> reply, String why) {
        assertThatThrownBy(() -> reply.get(20, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(IOException.class)
                .hasMessageContaining(why);
    }

    private static URI address(String scheme, int port, String path) {
        return URI.create(scheme + "://localhost:" + port + path);
    }

    private static byte[] body() {
        return "{\"a\":1}".getBytes(StandardCharsets.UTF_8);
    }
}
