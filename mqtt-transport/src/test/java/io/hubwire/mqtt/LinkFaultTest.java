package io.hubwire.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hubwire.auth.TlsTrust;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.mqtt.MqttPacket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a device does when network, TLS or hub misbehave; the rows of the fault catalogue that a script can play. */
class LinkFaultTest extends ConversationTest {
    @Test
    void unacknowledged_messages_go_out_again_first_marked_and_under_their_packet_ids() {
        DeviceClient device = device(options -> options.window(2));
        Conversation first = connect(device);
        List<CompletableFuture<SendResult>> sent = sendAll(device, "a", "b", "c");
        int a = first.expectPublish().packetId();
        int b = first.expectPublish().packetId();
        first.reset();

        Conversation second = hub.acceptSession();
        MqttPacket.Publish againA = second.expectPublish();
        MqttPacket.Publish againB = second.expectPublish();
        assertThat(againA).isEqualTo(publish("a", a, true));
        assertThat(againB).isEqualTo(publish("b", b, true));
        second.pubAck(a);
        MqttPacket.Publish firstC = second.expectPublish();
        assertThat(firstC.dup()).isFalse();
        assertThat(firstC.payload()).asString().isEqualTo("c");
        second.pubAck(b);
        second.pubAck(firstC.packetId());
        sent.forEach(CompletableFuture::join);
    }

    @Test
    void a_message_is_confirmed_once_however_often_the_link_breaks() {
        DeviceClient device = device();
        Conversation link = connect(device);
        CompletableFuture<SendResult> sent = device.send(Message.of("x"));
        for (int i = 0; i < 2; i++) {
            link.expectPublish();
            link.reset();
            link = hub.acceptSession();
        }
        MqttPacket.Publish last = link.expectPublish();
        assertThat(last.dup()).isTrue();
        link.pubAck(last.packetId());
        link.pubAck(last.packetId());
        sent.join();
        assertThat(device.sendStatus()).isEqualTo(SendStatus.IDLE);
    }

    @Test
    void messages_sent_while_there_is_no_connection_go_out_when_there_is_one() {
        DeviceClient device = device();
        CompletableFuture<SendResult> early = device.send(Message.of("early"));
        Conversation link = connect(device);
        link.pubAck(link.expectPublish().packetId());
        early.join();
    }

    @Test
    void tells_each_change_of_state_with_its_reason() {
        DeviceClient device = device();
        Conversation link = connect(device);
        link.reset();
        hub.acceptSession();
        await().untilAsserted(() -> assertThat(changes)
                .extracting(c -> c.state() + " " + c.reason())
                .containsExactly(
                        "CONNECTING REQUESTED",
                        "CONNECTED REQUESTED",
                        "RETRYING LINK_LOST",
                        "CONNECTING LINK_LOST",
                        "CONNECTED LINK_LOST"));
        ConnectionChange retrying =
                changes.stream().filter(c -> c.retryIn() != null).findFirst().orElseThrow();
        assertThat(retrying.cause().code()).isEqualTo(ErrorCode.CONNECTION_LOST);
    }

    @Test
    void a_hub_that_accepts_and_stays_silent_is_given_up_in_time() {
        DeviceClient device =
                device(options -> options.connectTimeout(Duration.ofMillis(200)).retry(RetryPolicy.NONE));
        CompletableFuture<Void> connecting = device.connect();
        Conversation link = hub.acceptAndStaySilent();
        assertThat(codeOf(connecting)).isEqualTo(ErrorCode.TIMED_OUT);
        link.expectEnd();
    }

    @Test
    void a_port_that_nobody_listens_on_is_unreachable() {
        hub.stopListening();
        DeviceClient device = device(options -> options.retry(RetryPolicy.NONE));
        HubwireException failure = failureOf(device.connect());
        assertThat(failure.code()).isEqualTo(ErrorCode.UNREACHABLE);
        assertThat(failure).hasMessageContaining("localhost:" + hub.port());
    }

    @Test
    void goes_on_trying_until_the_hub_is_there() {
        DeviceClient device = device();
        CompletableFuture<Void> connecting = device.connect();
        for (int i = 0; i < 3; i++) {
            hub.accept().reset();
        }
        hub.acceptSession();
        connecting.join();
    }

    @Test
    void a_server_that_closes_at_once_leaves_no_thread_behind() {
        DeviceClient device = device();
        CompletableFuture<Void> connecting = device.connect();
        for (int i = 0; i < 40; i++) {
            hub.accept().close();
        }
        hub.acceptSession();
        connecting.join();
        await().untilAsserted(() -> assertThat(threadsOf("dev1")).hasSizeLessThanOrEqualTo(4));
    }

    @Test
    void an_unknown_root_is_final_and_says_so() {
        DeviceClient device = device(options -> options.trust(TlsTrust.platform()));
        CompletableFuture<Void> connecting = device.connect();
        hub.accept().expectEnd();
        HubwireException failure = failureOf(connecting);
        assertThat(failure.code()).isEqualTo(ErrorCode.TLS_FAILED);
        assertThat(failure).hasMessageContaining("certificate was not accepted");
        assertThat(device.connectionState()).isEqualTo(ConnectionState.DISCONNECTED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void speaks_whichever_version_of_tls_the_hub_offers(String version) {
        hub.speakingOnly(version);
        connect(device());
    }

    @Test
    void a_certificate_for_another_host_is_refused() {
        try (ScriptedHub other = ScriptedHub.startAsSomebodyElse()) {
            DeviceClient device = device(options -> options.port(other.port()));
            CompletableFuture<Void> connecting = device.connect();
            other.accept().expectEnd();
            assertThat(codeOf(connecting)).isEqualTo(ErrorCode.TLS_FAILED);
        }
    }

    @Test
    void a_link_without_answer_to_a_ping_is_replaced() {
        DeviceClient device = device(options -> options.keepAlive(Duration.ofSeconds(1)));
        Conversation link = connect(device);
        link.expect("PINGREQ");
        hub.acceptSession();
        await().untilAsserted(() -> assertThat(device.connectionState()).isEqualTo(ConnectionState.CONNECTED));
    }

    @Test
    void a_link_whose_pings_are_answered_stays() {
        DeviceClient device = device(options -> options.keepAlive(Duration.ofSeconds(1)));
        Conversation link = connect(device);
        for (int i = 0; i < 3; i++) {
            link.expect("PINGREQ");
            link.pingResp();
        }
        assertThat(changes).hasSize(2);
    }

    @Test
    void a_lost_acknowledgement_costs_the_link_not_the_message() {
        DeviceClient device = device(options -> options.acknowledgementTimeout(Duration.ofMillis(200)));
        Conversation first = connect(device);
        CompletableFuture<SendResult> sent = device.send(Message.of("x"));
        int packetId = first.expectPublish().packetId();
        Conversation second = hub.acceptSession();
        assertThat(second.expectPublish()).isEqualTo(publish("x", packetId, true));
        second.pubAck(packetId);
        sent.join();
        await().untilAsserted(
                        () -> assertThat(changes).anyMatch(c -> c.reason() == ChangeReason.ACKNOWLEDGEMENT_OVERDUE));
    }

    @Test
    void a_message_that_is_never_acknowledged_times_out() {
        DeviceClient device = device(options -> options.messageTimeout(Duration.ofMillis(200)));
        Conversation link = connect(device);
        CompletableFuture<SendResult> sent =
                device.send(Message.builder("x").messageId("m-1").build());
        link.expectPublish();
        HubwireException failure = failureOf(sent);
        assertThat(failure.code()).isEqualTo(ErrorCode.TIMED_OUT);
        assertThat(failure).hasMessageContaining("m-1").hasMessageContaining("200 ms");
        assertThat(((SendException) failure).messageId()).contains("m-1");
    }

    @Test
    void acknowledgements_out_of_order_late_and_for_unknown_ids_do_no_harm() {
        DeviceClient device = device();
        Conversation link = connect(device);
        List<CompletableFuture<SendResult>> sent = sendAll(device, "a", "b");
        int a = link.expectPublish().packetId();
        int b = link.expectPublish().packetId();
        link.pubAck(4711);
        link.pubAck(b);
        sent.get(1).join();
        assertThat(sent.get(0)).isNotDone();
        link.pubAck(a);
        sent.get(0).join();
    }

    @Test
    void packets_against_the_rules_cost_the_link_and_nothing_else() {
        DeviceClient device = device();
        Conversation link = connect(device);
        List<byte[]> bad = List.of(
                new byte[] {0x36, 5, 0, 1, 'a', 0, 1}, // PUBLISH at QoS 3
                new byte[] {0x30, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x7f}, // 256 MB to come
                new byte[] {0x30, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff}, // a length of five bytes
                new byte[] {0x30, 2, 0, 9}, // a topic longer than its packet
                new byte[] {0x10, 0}, // CONNECT from a server
                new byte[] {0x50, 2, 0, 1}, // PUBREC, though nothing goes out at QoS 2
                new byte[] {0x40, 0}); // PUBACK of nothing
        for (byte[] packet : bad) {
            link.send(packet);
            link.expectEnd();
            link = hub.acceptSession();
        }
        CompletableFuture<SendResult> sent = device.send(Message.of("still here"));
        link.pubAck(link.expectPublish().packetId());
        sent.join();
    }

    @Test
    void a_subscription_that_is_refused_fails_the_connect_and_names_the_topic() {
        DeviceClient device = device();
        device.onMethod("blink", request -> MethodResponse.of(200));
        CompletableFuture<Void> connecting = device.connect();
        Conversation link = hub.acceptSession();
        link.subAck(link.expect(MqttPacket.Subscribe.class).packetId(), 0x80);
        assertThat(failureOf(connecting)).hasMessageContaining("$iothub/methods/POST/#");
    }

    @Test
    void reconnects_after_the_hub_has_closed_and_subscribes_again() {
        DeviceClient device = device();
        device.onMethod("blink", request -> MethodResponse.of(200));
        Conversation link = connectAndGrant(device);
        link.close();
        Conversation next = hub.acceptSession();
        assertThat(next.grantSubscribe().filters()).containsExactly(new MqttPacket.Filter("$iothub/methods/POST/#", 1));
    }

    @Test
    void slow_single_bytes_are_read_as_well() {
        DeviceClient device = device();
        CompletableFuture<Void> connecting = device.connect();
        Conversation link = hub.acceptAndStaySilent();
        for (byte b : new byte[] {0x20, 2, 0, 0}) {
            link.send(new byte[] {b});
            link.expectSilence(Duration.ofMillis(20));
        }
        connecting.join();
    }

    static List<String> threadsOf(String clientId) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.contains(clientId))
                .toList();
    }

    private static List<CompletableFuture<SendResult>> sendAll(DeviceClient device, String... bodies) {
        List<CompletableFuture<SendResult>> sent = new ArrayList<>();
        for (String body : bodies) {
            sent.add(device.send(Message.of(body)));
        }
        return sent;
    }

    private static MqttPacket.Publish publish(String body, int packetId, boolean dup) {
        return new MqttPacket.Publish("devices/dev1/messages/events/", 1, dup, false, packetId, body.getBytes());
    }
}
