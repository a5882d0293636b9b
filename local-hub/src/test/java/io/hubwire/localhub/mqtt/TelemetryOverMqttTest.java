package io.hubwire.localhub.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.localhub.LocalHub;
import io.hubwire.localhub.PahoDevice;
import io.hubwire.localhub.engine.EventLog.Stored;
import io.hubwire.protocol.Identity;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TelemetryOverMqttTest {
    private static final Identity DEVICE = Identity.device("device1");
    private static final String EVENTS = "devices/device1/messages/events/";
    private static LocalHub hub;

    @BeforeAll
    static void start() {
        hub = LocalHub.start();
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @Test
    void telemetry_is_in_the_event_log_when_its_puback_arrives() throws Exception {
        try (PahoDevice device = PahoDevice.of(hub, DEVICE)) {
            device.connect();
            device.publish(EVENTS + "%24.mid=1&k=v", "{}");
            Stored event = events().get(0);
            assertThat(event.source()).isEqualTo(DEVICE);
            assertThat(event.message().text()).isEqualTo("{}");
            assertThat(event.message().messageId()).hasValue("1");
            assertThat(event.message().properties()).containsEntry("k", "v");
        }
    }

    private static List<Stored> events() {
        return IntStream.range(0, hub.engine().events().partitions())
                .boxed()
                .flatMap(p -> hub.engine().events().read(p, 0, 1000).stream())
                .toList();
    }
}
