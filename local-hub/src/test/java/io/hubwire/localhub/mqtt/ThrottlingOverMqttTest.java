package io.hubwire.localhub.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.hubwire.localhub.LocalHub;
import io.hubwire.localhub.LocalHubOptions;
import io.hubwire.localhub.PahoDevice;
import io.hubwire.localhub.PahoDevice.Received;
import io.hubwire.localhub.TestDevices;
import io.hubwire.localhub.throttling.Admission;
import io.hubwire.localhub.throttling.Quota;
import io.hubwire.localhub.throttling.Throttle;
import io.hubwire.localhub.throttling.Tier;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.json.Json;
import io.hubwire.protocol.time.FakeTime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A hub of tier S1 with small bursts: 5 messages, 5 connections, 5 twin reads, 2 twin updates at once. */
@Timeout(60)
class ThrottlingOverMqttTest {
    private static final String RESPONSES = "$iothub/twin/res/#";
    private static final Quota SMALL = new Quota(Tier.S1, Duration.ofMillis(50), Duration.ofMillis(20));

    private final FakeTime time = new FakeTime(Instant.parse("2030-01-01T00:00:00Z"));
    private final LocalHub hub = LocalHub.start(
            LocalHubOptions.builder().time(time, time).quota(SMALL).build());
    private final Identity identity = TestDevices.create(hub);
    private final String events = "devices/" + identity.deviceId() + "/messages/events/";

    @AfterEach
    void stop() {
        hub.close();
    }

    @Test
    void delays_the_puback_of_what_exceeds_the_burst_and_then_cuts_the_connection() throws Exception {
        try (PahoDevice device = connected()) {
            for (int i = 0; i < 5; i++) {
                device.publish(events, "at once " + i);
            }
            var late = device.send(events, "late", 1);
            await().until(() -> TestDevices.events(hub, identity).size() == 6);
            assertThat(late.isComplete()).isFalse();
            time.advance(Duration.ofMillis(10));
            late.waitForCompletion(10_000);

            for (int i = 0; i < 3; i++) {
                device.send(events, "too many " + i, 1);
            }
            assertThat(device.wasCut()).isTrue();
            assertThat(TestDevices.events(hub, identity)).hasSize(8);
        }
    }

    @Test
    void answers_429_to_twin_requests_beyond_the_backlog() throws Exception {
        try (PahoDevice device = connected()) {
            device.subscribe(RESPONSES, 0);
            report(device, 1);
            report(device, 2);
            assertThat(device.next().topic()).isEqualTo("$iothub/twin/res/204/?$rid=1&$version=2");
            assertThat(device.next().topic()).isEqualTo("$iothub/twin/res/204/?$rid=2&$version=3");
            report(device, 3);
            report(device, 4);

            // the third is held back, the fourth is refused and overtakes it
            Received refused = device.next();
            assertThat(refused.topic()).isEqualTo("$iothub/twin/res/429/?$rid=4");
            JsonNode body = Json.parse("refusal", refused.body().getBytes(StandardCharsets.UTF_8));
            assertThat(body.path("errorCode").intValue()).isEqualTo(429001);
            assertThat(body.path("message").asText()).contains("Wait 1 seconds", "twin updates");
            time.advance(Duration.ofMillis(20));
            assertThat(device.next().topic()).isEqualTo("$iothub/twin/res/204/?$rid=3&$version=4");
            assertThat(device.isConnected()).isTrue();
        }
    }

    @Test
    void holds_back_connections_and_then_answers_them_with_3() throws Exception {
        assertThat(hub.engine().throttles().admit(Throttle.CONNECTIONS, 5)).isInstanceOf(Admission.AtOnce.class);
        int before = time.pendingTasks();
        PahoDevice late = PahoDevice.of(hub, identity);
        var connecting = late.connecting();
        await().until(() -> time.pendingTasks() > before);
        assertThat(connecting.isComplete()).isFalse();
        // the backlog holds two
        assertThat(hub.engine().throttles().admit(Throttle.CONNECTIONS)).isInstanceOf(Admission.After.class);
        assertThat(PahoDevice.of(hub, TestDevices.create(hub)).refused()).isEqualTo(3);
        time.advance(Duration.ofMillis(10));
        connecting.waitForCompletion(10_000);
        late.close();
    }

    @Test
    void cuts_each_sender_once_the_messages_of_the_day_are_used_up() throws Exception {
        int largest = 400_000 * 4096; // S1 has 400,000 messages of 4 KB
        assertThat(hub.engine().throttles().admitMessage(Throttle.D2C_SENDS, largest))
                .isInstanceOf(Admission.AtOnce.class);
        try (PahoDevice device = connected()) {
            device.send(events, "one more", 1);
            assertThat(device.wasCut()).isTrue();
        }
        assertThat(TestDevices.events(hub, identity)).isEmpty();
        time.jump(Duration.ofDays(1));
        try (PahoDevice device = connected()) {
            device.publish(events, "a new day");
        }
        assertThat(TestDevices.events(hub, identity)).hasSize(1);
    }

    private static void report(PahoDevice device, int requestId) throws Exception {
        device.send("$iothub/twin/PATCH/properties/reported/?$rid=" + requestId, "{\"n\":" + requestId + "}", 0);
    }

    private PahoDevice connected() throws Exception {
        PahoDevice device = PahoDevice.of(hub, identity);
        device.connect();
        return device;
    }
}
