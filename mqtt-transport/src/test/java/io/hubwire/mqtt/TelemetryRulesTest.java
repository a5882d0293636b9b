package io.hubwire.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.SystemProperty;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the wire cannot carry is refused before it is sent, naming the rule. */
class TelemetryRulesTest {
    @ParameterizedTest
    @ValueSource(strings = {"dev#1", "dev+1"})
    void a_device_whose_id_is_a_wildcard_can_send_no_telemetry(String id) {
        assertThatThrownBy(() -> TelemetryRules.topicOf(Identity.device(id), Message.of("x")))
                .isInstanceOfSatisfying(
                        SendException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
                .hasMessageContainingAll("[" + id + "]", "must not contain '#' or '+'");
    }

    @Test
    void properties_count_among_the_bytes_of_a_message() {
        Message full = Message.builder(new byte[262_142]).property("k", "v").build();
        assertThat(TelemetryRules.topicOf(Identity.device("dev1"), full)).endsWith("/k=v");
        Message more = full.toBuilder().property("k", "vv").build();
        assertThatThrownBy(() -> TelemetryRules.topicOf(Identity.device("dev1"), more))
                .isInstanceOfSatisfying(
                        SendException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_LARGE))
                .hasMessageContainingAll("262145", "262144");
    }

    @Test
    void a_component_of_plug_and_play_is_named_as_the_hub_wants_it() {
        Message message = Message.builder("{}")
                .system(SystemProperty.COMPONENT, "thermostat1")
                .build();
        assertThat(TelemetryRules.topicOf(Identity.device("dev1"), message))
                .isEqualTo("devices/dev1/messages/events/%24.sub=thermostat1");
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1178, 65_535})
    void a_keep_alive_that_a_hub_would_not_keep_is_refused(long seconds) {
        assertThatThrownBy(() -> ClientOptions.builder()
                        .keepAlive(Duration.ofSeconds(seconds))
                        .build())
                .hasMessageContainingAll("keep-alive", "1 s to 1,177 s");
    }
}
