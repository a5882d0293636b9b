package io.hubwire.localhub.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hubwire.localhub.LocalHub;
import io.hubwire.localhub.LocalHubOptions;
import io.hubwire.localhub.PahoDevice;
import io.hubwire.localhub.PahoDevice.Received;
import io.hubwire.localhub.TestDevices;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.SystemProperty;
import io.hubwire.protocol.mqtt.HubToDevice;
import io.hubwire.protocol.time.FakeTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class C2dOverMqttTest {
    private final FakeTime time = new FakeTime(Instant.parse("2030-01-01T00:00:00Z"));
    private LocalHub hub = null;
    private Identity identity = Identity.device("device1");

    @BeforeEach
    void start() {
        hub = LocalHub.start(LocalHubOptions.builder().time(time, time).build());
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    @Test
    void delivers_with_system_properties_first_and_the_address_always() throws Exception {
        try (PahoDevice device = subscribed(1)) {
            send(Message.builder("on").messageId("m1").property("k", "v w").build());
            Received message = device.next();
            assertThat(message.topic())
                    .isEqualTo("devices/device1/messages/devicebound/%24.mid=m1"
                            + "&%24.to=%2Fdevices%2Fdevice1%2Fmessages%2FdeviceBound&k=v%20w");
            assertThat(message.body()).isEqualTo("on");
            assertThat(message.qos()).isEqualTo(1);
            assertThat(message.duplicate()).isFalse();
        }
    }

    @Test
    void a_puback_completes_the_message() throws Exception {
        try (PahoDevice device = subscribed(1)) {
            send(Message.builder("on")
                    .messageId("m1")
                    .system(SystemProperty.ACK, "full")
                    .build());
            device.next();
            await().until(() -> hub.engine().c2d().pending(identity) == 0);
            var feedback =
                    hub.engine().feedback().next(64).orElseThrow().records().get(0);
            assertThat(feedback.path("originalMessageId").asText()).isEqualTo("m1");
            assertThat(feedback.path("statusCode").asText()).isEqualTo("Success");
        }
    }

    @Test
    void without_puback_it_comes_again_on_the_next_session_before_any_subscribe() throws Exception {
        Received first;
        try (PahoDevice device = subscribed(1, PahoDevice.of(hub, identity).manualAcks())) {
            send(Message.of("hold me"));
            first = device.next();
            device.vanish();
        }
        await().until(() -> hub.engine().sessions().current(identity).isEmpty());
        try (PahoDevice device = PahoDevice.of(hub, identity)) {
            assertThat(device.connect()).as("session present").isTrue();
            Received again = device.next();
            assertThat(again.body()).isEqualTo("hold me");
            assertThat(again.duplicate()).isTrue();
            assertThat(again.packetId()).isEqualTo(first.packetId());
            await().until(() -> hub.engine().c2d().pending(identity) == 0);
        }
    }

    @Test
    void a_session_that_takes_over_gets_what_the_old_one_held_in_its_place() throws Exception {
        try (PahoDevice old = subscribed(1, PahoDevice.of(hub, identity).manualAcks())) {
            send(Message.of("1"));
            send(Message.of("2"));
            old.next();
            old.next();
            try (PahoDevice newer = PahoDevice.of(hub, identity)) {
                newer.connect();
                send(Message.of("3"));
                assertThat(List.of(
                                newer.next().body(),
                                newer.next().body(),
                                newer.next().body()))
                        .containsExactly("1", "2", "3");
                assertThat(old.wasCut()).isTrue();
            }
        }
    }

    @Test
    void without_puback_it_comes_again_after_a_minute_on_the_same_connection() throws Exception {
        try (PahoDevice device = subscribed(1, PahoDevice.of(hub, identity).manualAcks())) {
            send(Message.of("hold me"));
            Received first = device.next();
            time.advance(Duration.ofSeconds(61));
            Received again = device.next();
            assertThat(again.duplicate()).isTrue();
            assertThat(again.packetId()).isEqualTo(first.packetId());
            device.acknowledge(again);
            await().until(() -> hub.engine().c2d().pending(identity) == 0);
        }
    }

    @Test
    void at_qos_0_a_message_is_complete_when_it_is_written() throws Exception {
        try (PahoDevice device = subscribed(0)) {
            send(Message.of("fire and forget"));
            assertThat(device.next().qos()).isZero();
            await().until(() -> hub.engine().c2d().pending(identity) == 0);
        }
    }

    @Test
    void has_ten_messages_in_flight_and_sends_on_as_they_are_acknowledged() throws Exception {
        try (PahoDevice device = subscribed(1, PahoDevice.of(hub, identity).manualAcks())) {
            for (int i = 0; i < 15; i++) {
                send(Message.of("" + i));
            }
            List<Received> held = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                held.add(device.next());
            }
            device.publish("$iothub/methods/res/200/?$rid=1", ""); // a round trip: nothing more is on its way
            assertThat(device.waiting()).isZero();
            for (Received message : held) {
                device.acknowledge(message);
            }
            for (int i = 10; i < 15; i++) {
                assertThat(device.next().body()).isEqualTo("" + i);
            }
        }
    }

    @Test
    void delivers_fifty_messages_in_order() throws Exception {
        try (PahoDevice device = subscribed(1)) {
            device.disconnect();
        }
        IntStream.range(0, 50).forEach(i -> send(Message.of("" + i)));
        try (PahoDevice device = PahoDevice.of(hub, identity)) {
            device.connect();
            for (int i = 0; i < 50; i++) {
                assertThat(device.next().body()).isEqualTo("" + i);
            }
            await().until(() -> hub.engine().c2d().pending(identity) == 0);
        }
    }

    @Test
    void a_message_from_before_the_first_subscription_stays_in_the_queue() throws Exception {
        send(Message.of("too early"));
        time.advance(Duration.ofSeconds(1));
        try (PahoDevice device = subscribed(1)) {
            send(Message.of("in time"));
            assertThat(device.next().body()).isEqualTo("in time");
            await().until(() -> hub.engine().c2d().pending(identity) == 1);
        }
    }

    @Test
    void subscribing_again_does_not_lose_what_came_in_between() throws Exception {
        try (PahoDevice device = subscribed(1)) {
            device.disconnect();
        }
        time.advance(Duration.ofSeconds(1));
        send(Message.of("meanwhile"));
        time.advance(Duration.ofSeconds(1));
        try (PahoDevice device = subscribed(1)) {
            assertThat(device.next().body()).isEqualTo("meanwhile");
        }
    }

    @Test
    void a_clean_session_forgets_the_subscription_but_not_the_queue() throws Exception {
        try (PahoDevice device = subscribed(1)) {
            device.disconnect();
        }
        send(Message.of("kept"));
        try (PahoDevice device = PahoDevice.of(hub, identity).cleanSession(true)) {
            assertThat(device.connect()).isFalse();
            device.publish("$iothub/methods/res/200/?$rid=1", "");
            assertThat(device.waiting()).isZero();
            assertThat(hub.engine().c2d().pending(identity)).isEqualTo(1);
        }
    }

    @Test
    void delivers_to_a_module_on_its_own_topic() throws Exception {
        Identity module = TestDevices.create(hub, Identity.module("device2", "m1"));
        try (PahoDevice client = PahoDevice.of(hub, module)) {
            client.connect();
            client.subscribe("devices/device2/modules/m1/messages/devicebound/#", 1);
            hub.engine().c2d().enqueue(module, Message.of("to a module"));
            Received message = client.next();
            assertThat(HubToDevice.parse(message.topic()))
                    .isInstanceOfSatisfying(HubToDevice.CloudToDevice.class, c2d -> assertThat(c2d.receiver())
                            .isEqualTo(module));
        }
    }

    @Test
    void the_filter_of_the_embedded_c_sdk_works() throws Exception {
        try (PahoDevice device = PahoDevice.of(hub, identity)) {
            device.connect();
            device.subscribe("devices/+/messages/devicebound/#", 1);
            send(Message.of("on"));
            assertThat(device.next().body()).isEqualTo("on");
        }
    }

    private void send(Message message) {
        hub.engine().c2d().enqueue(identity, message);
    }

    private PahoDevice subscribed(int qos) throws Exception {
        return subscribed(qos, PahoDevice.of(hub, identity));
    }

    private PahoDevice subscribed(int qos, PahoDevice device) throws Exception {
        device.connect();
        device.subscribe("devices/device1/messages/devicebound/#", qos);
        return device;
    }
}
