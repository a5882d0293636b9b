package io.hubwire.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hubwire.auth.HttpProxy;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.SystemProperty;
import io.hubwire.protocol.loopback.TestProxy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The ways in that pass where only HTTPS does: WebSocket, and an HTTP proxy's tunnel. */
@Timeout(60)
class WebSocketAndProxyTest {
    private static final HubFixture HUB = new HubFixture();
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String PASSWORD = "s3cret";

    @AfterAll
    static void stop() {
        HUB.close();
    }

    private static AmqpSettings webSocket() {
        return HUB.settings().webSocket(true).port(HUB.hub.httpsPort());
    }

    private static AmqpSettings tunnelled(TestProxy proxy) {
        return HUB.settings().proxy(HttpProxy.at("localhost", proxy.port())).timeout(Duration.ofSeconds(2));
    }

    private static List<String> texts(EventStream stream, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> stream.next(SOON).orElseThrow().message().text())
                .toList();
    }

    private static void assertRefused(AmqpSettings settings, ErrorCode code, String... said) {
        assertThatThrownBy(() -> EventStream.open(HUB.viaEndpoint().settings(settings)))
                .isInstanceOfSatisfying(HubwireException.class, e -> {
                    assertThat(e.code()).isEqualTo(code);
                    assertThat(e).hasMessageContainingAll(said);
                    assertThat(e.toString()).doesNotContain(PASSWORD);
                });
    }

    @Test
    void reads_over_websocket_by_the_hubs_redirect_and_at_the_event_endpoint() {
        HUB.device("ws1");
        String large = "x".repeat(200_000); // many frames of AMQP and of WebSocket
        HUB.telemetry("ws1", "small");
        HUB.telemetry("ws1", large);
        for (EventStreamOptions options : List.of(HUB.viaHub(), HUB.viaEndpoint())) {
            try (EventStream stream = EventStream.open(options.settings(webSocket()))) {
                List<String> read = new ArrayList<>();
                while (!read.contains(large)) {
                    read.addAll(texts(stream, 1));
                }
                assertThat(read).contains("small", large);
            }
        }
    }

    @Test
    void starts_without_sasl_over_websocket_too() {
        HUB.telemetry("ws2", "bare");
        try (EventStream stream =
                EventStream.open(HUB.viaEndpoint().settings(webSocket().sasl(false)))) {
            assertThat(stream.next(SOON)).isPresent();
        }
    }

    @Test
    void commands_and_feedback_go_over_websocket() {
        Identity device = HUB.device("ws3");
        Message command = Message.builder("switch on")
                .messageId("m-1")
                .system(SystemProperty.ACK, "full")
                .build();
        try (C2dSender sender = C2dSender.open(HUB.service, webSocket());
                FeedbackReceiver feedback = FeedbackReceiver.open(HUB.service, webSocket())) {
            sender.blocking().send(device, command);
            var queues = HUB.hub.engine().c2d();
            var delivered = queues.next(device, this, Instant.MIN).orElseThrow();
            queues.complete(device, delivered.lockToken());
            FeedbackBatch batch = feedback.next(SOON).orElseThrow();
            assertThat(batch.records())
                    .extracting(FeedbackRecord::originalMessageId)
                    .containsExactly("m-1");
            batch.complete();
        }
    }

    @Test
    void closes_a_websocket_within_a_second_and_leaves_no_thread() {
        EventStream stream = EventStream.open(HUB.viaEndpoint().settings(webSocket()));
        long began = System.nanoTime();
        stream.close();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(1));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                        .extracting(Thread::getName)
                        .noneMatch(name -> name.startsWith("hubwire-events")));
    }

    @Test
    void a_server_without_a_websocket_there_is_told_from_one_that_is_away() {
        assertRefused(
                HUB.settings().webSocket(true).port(HUB.hub.amqpPort()).timeout(Duration.ofSeconds(2)),
                ErrorCode.UNREACHABLE,
                "over WebSocket");
    }

    @Test
    void an_emulator_without_tls_has_no_websocket() {
        String emulator = HUB.hub.eventHubConnectionString() + ";UseDevelopmentEmulator=true";
        assertThatThrownBy(() ->
                        EventStream.open(EventStreamOptions.parse(emulator).settings(webSocket())))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("no WebSocket");
    }

    @Test
    void tunnels_amqp_and_websocket_through_a_proxy_that_looks_the_name_up() throws Exception {
        HUB.telemetry("proxied", "through");
        try (TestProxy proxy = new TestProxy(head -> "200 OK")) {
            for (AmqpSettings settings : List.of(HUB.settings(), webSocket())) {
                try (EventStream stream = EventStream.open(
                        HUB.viaEndpoint().settings(settings.proxy(HttpProxy.at("localhost", proxy.port()))))) {
                    assertThat(stream.next(SOON)).isPresent();
                }
            }
            assertThat(proxy.requests()).hasSize(2);
            assertThat(proxy.requests().get(0))
                    .startsWith("CONNECT localhost:" + HUB.hub.amqpPort() + " HTTP/1.1\r\n")
                    .contains("\r\nHost: localhost:" + HUB.hub.amqpPort() + "\r\n")
                    .doesNotContain("Authorization");
            assertThat(proxy.requests().get(1))
                    .startsWith("CONNECT localhost:" + HUB.hub.httpsPort() + " HTTP/1.1\r\n");
        }
    }

    @Test
    void gives_a_proxy_its_user_and_password_and_says_when_they_are_wrong() throws Exception {
        HUB.telemetry("proxied", "through");
        String wanted = "\r\nProxy-Authorization: Basic bWU6czNjcmV0\r\n"; // me:s3cret
        try (TestProxy proxy =
                new TestProxy(head -> head.contains(wanted) ? "200 OK" : "407 Proxy Authentication Required")) {
            AmqpSettings right = HUB.settings().proxy(new HttpProxy("localhost", proxy.port(), "me", PASSWORD));
            try (EventStream stream = EventStream.open(HUB.viaEndpoint().settings(right))) {
                assertThat(stream.next(SOON)).isPresent();
            }
            assertRefused(tunnelled(proxy), ErrorCode.UNAUTHORIZED, "407", "asks for a user");
            assertRefused(
                    HUB.settings().proxy(new HttpProxy("localhost", proxy.port(), "you", PASSWORD)),
                    ErrorCode.UNAUTHORIZED,
                    "407",
                    "does not accept");
        }
        assertThat(new HttpProxy("localhost", 1, "me", PASSWORD).toString()).doesNotContain(PASSWORD);
    }

    @Test
    void a_proxy_that_refuses_is_away_breaks_http_or_never_answers_is_named() throws Exception {
        int port;
        try (TestProxy refuses = new TestProxy(head -> "403 Forbidden")) {
            port = refuses.port();
            assertRefused(tunnelled(refuses), ErrorCode.UNREACHABLE, "403", "[localhost:" + port + "]");
            assertThat(port).isPositive();
        }
        assertRefused(
                HUB.settings().proxy(HttpProxy.at("localhost", port)),
                ErrorCode.UNREACHABLE,
                "proxy [localhost:" + port + "]");
        try (TestProxy nonsense = new TestProxy(head -> "no status")) {
            assertRefused(tunnelled(nonsense), ErrorCode.MALFORMED_REPLY, "HTTP/1.1");
        }
        try (TestProxy silent = new TestProxy(head -> "")) {
            long began = System.nanoTime();
            assertRefused(tunnelled(silent), ErrorCode.TIMED_OUT, "proxy [localhost:" + silent.port() + "]");
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(4));
        }
    }

    @Test
    void closing_breaks_off_a_proxy_that_never_answers() throws Exception {
        try (TestProxy silent = new TestProxy(head -> "")) {
            Thread opening = new Thread(() -> assertThatThrownBy(() -> EventStream.open(
                            HUB.viaEndpoint().settings(HUB.settings().proxy(HttpProxy.at("localhost", silent.port())))))
                    .isInstanceOf(HubwireException.class));
            opening.start();
            await().atMost(SOON).until(() -> !silent.requests().isEmpty());
            opening.interrupt();
            opening.join(2_000);
            assertThat(opening.isAlive()).isFalse();
        }
    }
}
