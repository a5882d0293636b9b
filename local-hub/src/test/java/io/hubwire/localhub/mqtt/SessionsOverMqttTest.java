package io.hubwire.localhub.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.LocalHub;
import io.hubwire.localhub.LocalHubOptions;
import io.hubwire.localhub.PahoDevice;
import io.hubwire.localhub.TestDevices;
import io.hubwire.localhub.engine.ETagMatch;
import io.hubwire.localhub.engine.EventLog.Stored;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.json.Json;
import io.hubwire.protocol.time.FakeTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sessions, takeover, the end of a token, what cuts a connection, wills. */
@Timeout(60)
class SessionsOverMqttTest {
    private static final FakeTime TIME = new FakeTime(Instant.parse("2030-01-01T00:00:00Z"));
    private static LocalHub hub;

    private Identity identity = Identity.device("device1");

    @BeforeAll
    static void start() {
        hub = LocalHub.start(LocalHubOptions.builder().time(TIME, TIME).build());
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
    void a_session_is_present_when_an_earlier_one_was_not_clean() throws Exception {
        assertThat(connectAndLeave(false)).as("the first").isFalse();
        assertThat(connectAndLeave(false)).as("the second").isTrue();
        assertThat(connectAndLeave(true)).as("a clean one").isFalse();
        assertThat(connectAndLeave(false)).as("after a clean one").isFalse();
    }

    @Test
    void a_new_device_of_the_same_name_finds_no_session() throws Exception {
        connectAndLeave(false);
        hub.engine().registry().delete(identity, new ETagMatch.Any());
        hub.engine().registry().create(identity, Json.object());
        assertThat(connectAndLeave(false)).isFalse();
    }

    @Test
    void a_newer_connection_of_the_same_identity_cuts_the_older() throws Exception {
        try (PahoDevice older = connected();
                PahoDevice newer = PahoDevice.of(hub, identity)) {
            assertThat(newer.connect()).isTrue();
            assertThat(older.wasCut()).isTrue();
            assertThat(newer.isConnected()).isTrue();
            newer.publish(events(), "still here");
            assertThat(state()).isEqualTo("Connected");
        }
        await().untilAsserted(() -> assertThat(state()).isEqualTo("Disconnected"));
    }

    @Test
    void a_device_and_its_module_do_not_displace_each_other() throws Exception {
        Identity module = TestDevices.create(hub, Identity.module(identity.deviceId(), "m1"));
        try (PahoDevice device = connected();
                PahoDevice other = PahoDevice.of(hub, module)) {
            other.connect();
            device.publish(events(), "both");
            assertThat(device.isConnected() && other.isConnected()).isTrue();
        }
    }

    @Test
    void cuts_the_connection_ten_minutes_after_the_token_has_ended() throws Exception {
        String token = PahoDevice.token(hub, identity, TIME.instant().plusSeconds(3600));
        try (PahoDevice device = PahoDevice.of(hub, identity).password(token)) {
            device.connect();
            TIME.advance(Duration.ofMinutes(69));
            device.publish(events(), "late, but in time");
            TIME.advance(Duration.ofMinutes(1));
            assertThat(device.wasCut()).isTrue();
        }
    }

    @Test
    void the_end_of_an_older_connections_token_does_not_touch_the_newer() throws Exception {
        String shortLived = PahoDevice.token(hub, identity, TIME.instant().plusSeconds(60));
        String longLived = PahoDevice.token(hub, identity, TIME.instant().plusSeconds(36_000));
        try (PahoDevice older = PahoDevice.of(hub, identity).password(shortLived);
                PahoDevice newer = PahoDevice.of(hub, identity).password(longLived)) {
            older.connect();
            newer.connect();
            assertThat(older.wasCut()).isTrue();
            TIME.advance(Duration.ofMinutes(12));
            newer.publish(events(), "still here");
            assertThat(newer.isConnected()).isTrue();
        }
    }

    @Test
    void disabling_a_device_cuts_its_connection() throws Exception {
        try (PahoDevice device = connected()) {
            TestDevices.disable(hub, identity);
            assertThat(device.wasCut()).isTrue();
        }
    }

    @Test
    void deleting_a_device_cuts_its_connection() throws Exception {
        try (PahoDevice device = connected()) {
            hub.engine().registry().delete(identity, new ETagMatch.Any());
            assertThat(device.wasCut()).isTrue();
        }
    }

    @Test
    void a_new_key_cuts_the_connection_and_the_old_one_is_refused() throws Exception {
        try (PahoDevice device = connected()) {
            String old = PahoDevice.token(hub, identity, TIME.instant().plusSeconds(3600));
            ObjectNode body = hub.engine().registry().get(identity);
            ObjectNode keys = (ObjectNode) body.at("/authentication/symmetricKey");
            keys.put("primaryKey", Base64.getEncoder().encodeToString(new byte[32]));
            hub.engine().registry().update(identity, body, new ETagMatch.Any());
            assertThat(device.wasCut()).isTrue();
            assertThat(PahoDevice.of(hub, identity).password(old).refused()).isEqualTo(5);
            assertThat(connectAndLeave(false)).as("with the new key").isTrue();
        }
    }

    @Test
    void stores_the_will_of_a_device_that_vanished() throws Exception {
        try (PahoDevice device = PahoDevice.of(hub, identity).will(events() + "k=v", "gone", 1, true)) {
            device.connect();
            device.vanish();
            await().untilAsserted(
                            () -> assertThat(TestDevices.events(hub, identity)).hasSize(1));
            Stored will = TestDevices.events(hub, identity).get(0);
            assertThat(will.message().text()).isEqualTo("gone");
            assertThat(will.message().properties())
                    .containsEntry("iothub-MessageType", "Will")
                    .containsEntry("mqtt-retain", "true")
                    .containsEntry("k", "v");
        }
    }

    @Test
    void stores_the_will_of_a_connection_the_hub_cuts() throws Exception {
        try (PahoDevice device = PahoDevice.of(hub, identity).will(events(), "cut", 0, false)) {
            device.connect();
            device.send("no/topic/of/the/hub", "", 0);
            assertThat(device.wasCut()).isTrue();
            await().untilAsserted(() -> assertThat(TestDevices.events(hub, identity))
                    .extracting(e -> e.message().text())
                    .isEqualTo(List.of("cut")));
        }
    }

    @Test
    void forgets_the_will_of_a_device_that_says_goodbye() throws Exception {
        try (PahoDevice device = PahoDevice.of(hub, identity).will(events(), "gone", 1, false)) {
            device.connect();
            device.disconnect();
        }
        await().untilAsserted(() -> assertThat(state()).isEqualTo("Disconnected"));
        assertThat(TestDevices.events(hub, identity)).isEmpty();
    }

    @Test
    void a_will_for_another_device_is_not_stored() throws Exception {
        Identity other = TestDevices.create(hub);
        try (PahoDevice device =
                PahoDevice.of(hub, identity).will("devices/" + other + "/messages/events/", "forged", 1, false)) {
            device.connect();
            device.vanish();
            await().untilAsserted(() -> assertThat(state()).isEqualTo("Disconnected"));
            assertThat(TestDevices.events(hub, other)).isEmpty();
            assertThat(TestDevices.events(hub, identity)).isEmpty();
        }
    }

    @Test
    void cuts_a_connection_that_is_silent_for_one_and_a_half_times_its_keep_alive() throws Exception {
        try (SilentClient client = SilentClient.connect(hub, identity, 1)) {
            assertThat(client.readToEnd()).isEqualTo(new byte[] {0x20, 2, 0, 0});
        }
    }

    private boolean connectAndLeave(boolean clean) throws Exception {
        try (PahoDevice device = PahoDevice.of(hub, identity).cleanSession(clean)) {
            boolean present = device.connect();
            device.disconnect();
            return present;
        }
    }

    private PahoDevice connected() throws Exception {
        PahoDevice device = PahoDevice.of(hub, identity);
        device.connect();
        return device;
    }

    private String events() {
        return "devices/" + identity + "/messages/events/";
    }

    private String state() {
        return hub.engine().registry().get(identity).path("connectionState").asText();
    }
}
