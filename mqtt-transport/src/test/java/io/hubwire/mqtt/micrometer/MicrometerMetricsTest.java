package io.hubwire.mqtt.micrometer;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.mqtt.ChangeReason;
import io.hubwire.protocol.ErrorCode;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MicrometerMetricsTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final MicrometerMetrics metrics = new MicrometerMetrics(registry, Tags.of("device", "d1"));

    @Test
    void counts_under_the_documented_names_and_tags() {
        metrics.sent();
        metrics.sent();
        metrics.acknowledged(Duration.ofMillis(40));
        metrics.resent(3);
        metrics.failed(ErrorCode.TIMED_OUT);
        metrics.queue(5, 2);
        metrics.connected(ChangeReason.TOKEN_RENEWAL);
        metrics.received();
        metrics.methodAnswered(501);

        assertThat(count("messages.sent")).isEqualTo(2);
        assertThat(registry.get("hubwire.mqtt.messages.acknowledged").timer().totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(40);
        assertThat(count("messages.resent")).isEqualTo(3);
        assertThat(count("messages.failed", "code", "TIMED_OUT")).isEqualTo(1);
        assertThat(registry.get("hubwire.mqtt.messages.waiting").gauge().value())
                .isEqualTo(5);
        assertThat(registry.get("hubwire.mqtt.messages.under.way").gauge().value())
                .isEqualTo(2);
        assertThat(count("connections", "reason", "TOKEN_RENEWAL")).isEqualTo(1);
        assertThat(count("messages.received")).isEqualTo(1);
        assertThat(count("methods.answered", "status", "501")).isEqualTo(1);
    }

    private double count(String name, String... moreTags) {
        return registry.get("hubwire.mqtt." + name)
                .tags(Tags.of("device", "d1").and(moreTags))
                .counter()
                .count();
    }
}
