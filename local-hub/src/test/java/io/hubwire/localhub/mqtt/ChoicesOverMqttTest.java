package io.hubwire.localhub.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hubwire.localhub.LocalHub;
import io.hubwire.localhub.LocalHubOptions;
import io.hubwire.localhub.PahoDevice;
import io.hubwire.localhub.TestDevices;
import io.hubwire.localhub.mqtt.MqttSettings.Choice;
import io.hubwire.localhub.throttling.Quota;
import io.hubwire.localhub.throttling.Throttle;
import io.hubwire.localhub.throttling.Tier;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A hub that does the less likely thing wherever it can; its default is tested with the rest of each subject. */
@Timeout(60)
class ChoicesOverMqttTest {
    private static LocalHub hub;

    private Identity identity = Identity.device("device1");

    @BeforeAll
    static void start() {
        MqttSettings settings = MqttSettings.defaults();
        for (Choice choice : Choice.values()) {
            settings = settings.with(choice);
        }
        hub = LocalHub.start(LocalHubOptions.builder()
                .mqtt(settings)
                .quota(Quota.of(Tier.F1))
                .build());
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @BeforeEach
    void create() {
        identity = TestDevices.create(hub);
    }

    @Test
    void answers_a_publish_at_qos_2_with_puback_and_stores_it() throws Exception {
        try (SilentClient client = SilentClient.connect(hub, identity, 60)) {
            assertThat(client.read(4)).startsWith(0x20);
            byte[] publish = SilentClient.publishPacket(events(), 7, "twice at most");
            publish[0] = 0x34;
            for (int i = 0; i < 2; i++) {
                client.send(publish);
                assertThat(client.read(4)).containsExactly(0x40, 2, 0, 7);
            }
        }
        assertThat(texts()).containsExactly("twice at most", "twice at most");
    }

    /** What a client sends behind CONNECT without waiting is decided on like the rest. */
    @Test
    void answers_a_publish_at_qos_2_that_did_not_wait_for_connack() throws Exception {
        byte[] publish = SilentClient.publishPacket(events(), 7, "in a hurry");
        publish[0] = 0x34;
        try (SilentClient client = SilentClient.connect(hub, identity, 60)) {
            client.send(publish);
            assertThat(client.read(8)).endsWith(0x40, 2, 0, 7);
        }
        assertThat(texts()).containsExactly("in a hurry");
    }

    @Test
    void marks_telemetry_that_was_sent_before_on_the_same_connection() throws Exception {
        byte[] publish = SilentClient.publishPacket(events(), 7, "again");
        byte[] again = publish.clone();
        again[0] |= 0x08;
        try (SilentClient client = SilentClient.connect(hub, identity, 60)) {
            client.send(publish);
            client.send(again);
            assertThat(client.read(12)).endsWith(0x40, 2, 0, 7, 0x40, 2, 0, 7);
        }
        assertThat(TestDevices.events(hub, identity))
                .extracting(e -> e.message().properties().get("mqtt-dup"))
                .containsExactly(null, "true");
    }

    @Test
    void marks_telemetry_that_was_sent_before() throws Exception {
        byte[] publish = SilentClient.publishPacket(events(), 7, "again");
        for (int i = 0; i < 2; i++) {
            try (SilentClient client = SilentClient.connect(hub, identity, 60)) {
                assertThat(client.read(4)).startsWith(0x20);
                client.send(publish);
                assertThat(client.read(4)).startsWith(0x40);
            }
            publish[0] |= 0x08;
        }
        assertThat(TestDevices.events(hub, identity))
                .extracting(e -> e.message().properties().get("mqtt-dup"))
                .containsExactly(null, "true");
    }

    @Test
    void a_clean_session_empties_the_queue() throws Exception {
        hub.engine().c2d().enqueue(identity, Message.of("gone"));
        try (PahoDevice device = PahoDevice.of(hub, identity).cleanSession(true)) {
            device.connect();
            assertThat(hub.engine().c2d().pending(identity)).isZero();
        }
    }

    @Test
    void delivers_what_was_sent_before_the_first_subscription() throws Exception {
        hub.engine().c2d().enqueue(identity, Message.of("early"));
        try (PahoDevice device = PahoDevice.of(hub, identity)) {
            device.connect();
            device.subscribe("devices/" + identity + "/messages/devicebound/#", 1);
            assertThat(device.next().body()).isEqualTo("early");
        }
    }

    @Test
    void refuses_connections_once_the_messages_of_the_day_are_used_up() throws Exception {
        try (LocalHub small = LocalHub.start(LocalHubOptions.builder()
                .mqtt(MqttSettings.defaults().with(Choice.REFUSE_ON_USED_UP_QUOTA))
                .quota(Quota.of(Tier.F1))
                .build())) {
            Identity device = Identity.device("device1");
            try (PahoDevice before = PahoDevice.of(small, device)) {
                before.connect();
            }
            small.engine().throttles().admitMessage(Throttle.D2C_SENDS, 8_000 * 512);
            assertThat(PahoDevice.of(small, device).refused()).isEqualTo(3);
        }
    }

    @Test
    void without_the_choice_a_duplicate_is_stored_like_any_other() throws Exception {
        try (LocalHub plain = LocalHub.start();
                SilentClient client = SilentClient.connect(plain, Identity.device("device1"), 60)) {
            assertThat(client.read(4)).startsWith(0x20);
            byte[] publish = SilentClient.publishPacket("devices/device1/messages/events/", 7, "again");
            publish[0] |= 0x08;
            client.send(publish);
            assertThat(client.read(4)).startsWith(0x40);
            await().untilAsserted(() -> assertThat(TestDevices.events(plain, Identity.device("device1")))
                    .singleElement()
                    .satisfies(e -> assertThat(e.message().properties()).isEmpty()));
        }
    }

    private List<String> texts() {
        return TestDevices.events(hub, identity).stream()
                .map(e -> new String(e.message().body(), StandardCharsets.UTF_8))
                .toList();
    }

    private String events() {
        return "devices/" + identity + "/messages/events/";
    }
}
