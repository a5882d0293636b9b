package io.hubwire.localhub.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hubwire.localhub.LocalHub;
import io.hubwire.localhub.LocalHubOptions;
import io.hubwire.localhub.engine.EngineOptions.Events;
import io.hubwire.localhub.engine.EventLog.Incoming;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.qpid.protonj2.engine.OutgoingDelivery;
import org.apache.qpid.protonj2.engine.Receiver;
import org.apache.qpid.protonj2.types.messaging.Accepted;
import org.apache.qpid.protonj2.types.messaging.Data;
import org.apache.qpid.protonj2.types.messaging.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** AMQP in the frames of a WebSocket, at a whole hub with one partition. */
@Timeout(60)
class AmqpOverWebSocketTest {
    private static final int WHOLE = 1 << 20;
    private static LocalHub hub;

    @BeforeAll
    static void start() {
        hub = LocalHub.start(LocalHubOptions.builder()
                .engine(options -> options.withEvents(new Events(1, Duration.ofDays(1), 48 << 20)))
                .build());
        for (int i = 0; i < 300; i++) {
            hub.engine()
                    .events()
                    .append(
                            new Incoming(
                                    Identity.device("device1"),
                                    Message.builder(new byte[4096]).build(),
                                    Map.of("iothub-message-source", "Telemetry")),
                            () -> {});
        }
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @ParameterizedTest
    @CsvSource({
        "/$iothub/websocket, 1048576",
        "/$iothub/websocket?iothub-no-client-cert=true, 1048576",
        "/$servicebus/websocket, 1048576",
        "/$servicebus/websocket, 3",
        "/$servicebus/websocket, 1"
    })
    void reads_events_however_the_bytes_are_framed(String path, int frame) throws Exception {
        try (WebSocketPeer peer = new WebSocketPeer(hub, path, frame).open()) {
            peer.reader(null);

            peer.until(() -> peer.arrived.size() == 300);

            assertThat(peer.arrived)
                    .allSatisfy(event -> assertThat(event.getReadableBytes()).isGreaterThan(4096));
        }
    }

    @Test
    void sends_to_a_device() throws Exception {
        try (WebSocketPeer peer = new WebSocketPeer(hub, "/$iothub/websocket", WHOLE).open()) {
            OutgoingDelivery delivery = peer.sender("/messages/devicebound").next();
            delivery.setTag(new byte[] {1});
            delivery.writeBytes(new SectionWriter()
                    .draft(0)
                    .add(new Properties().setTo("/devices/device1/messages/devicebound"))
                    .add(new Data("hello".getBytes(StandardCharsets.UTF_8)))
                    .finish());

            peer.until(delivery::isRemotelySettled);

            assertThat(delivery.getRemoteState()).isInstanceOf(Accepted.class);
            assertThat(hub.engine().c2d().purge(Identity.device("device1"))).isEqualTo(1);
        }
    }

    @Test
    void a_peer_that_vanishes_leaves_its_partition_to_others() throws Exception {
        try (WebSocketPeer owner = new WebSocketPeer(hub, "/$servicebus/websocket", WHOLE).open()) {
            owner.reader(7L);
            try (WebSocketPeer refused = new WebSocketPeer(hub, "/$servicebus/websocket", WHOLE).open()) {
                assertThat(WirePeer.condition(refused.reader(null))).isEqualTo("amqp:link:stolen");
            }
        }
        await().untilAsserted(() -> {
            try (WebSocketPeer next = new WebSocketPeer(hub, "/$servicebus/websocket", WHOLE).open()) {
                Receiver reader = next.reader(null);
                assertThat(WirePeer.condition(reader)).isEqualTo("none");
            }
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET / HTTP/1.1\r\n\r\n", "AMQP\u0002\u0001\u0000\u0000"})
    void what_is_not_amqp_closes_the_websocket_in_order(String bytes) throws Exception {
        try (WebSocketPeer peer = new WebSocketPeer(hub, "/$iothub/websocket", WHOLE)) {
            peer.raw(bytes.getBytes(StandardCharsets.ISO_8859_1));
            assertThat(peer.closed.get(10, TimeUnit.SECONDS)).isEqualTo(1000);
        }
    }

    @Test
    void a_close_of_amqp_is_answered_and_closes_the_websocket() throws Exception {
        try (WebSocketPeer peer = new WebSocketPeer(hub, "/$iothub/websocket", WHOLE).open()) {
            peer.connection.close();
            peer.until(peer.connection::isRemotelyClosed);
            assertThat(peer.closed.get(10, TimeUnit.SECONDS)).isEqualTo(1000);
        }
    }

    @Test
    void a_hub_that_stops_leaves_no_websocket_waiting() throws Exception {
        LocalHub another = LocalHub.start();
        try (WebSocketPeer peer = new WebSocketPeer(another, "/$iothub/websocket", WHOLE).open()) {
            another.close();
            assertThat(peer.closed.get(10, TimeUnit.SECONDS)).isNotNull();
        } finally {
            another.close();
        }
    }
}
