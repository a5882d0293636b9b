package io.hubwire.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LimitsTest {
    @Test
    void a_message_may_be_filled_to_the_last_byte() {
        assertThat(Limits.telemetryViolation(sized(Limits.TELEMETRY_BYTES))).isEmpty();
        assertThat(Limits.telemetryViolation(sized(Limits.TELEMETRY_BYTES + 1)))
                .contains("the telemetry message counts 262145 bytes with its properties; at most 262144 are allowed");
        assertThat(Limits.c2dViolation(sized(Limits.C2D_BYTES))).isEmpty();
        assertThat(Limits.c2dViolation(sized(Limits.C2D_BYTES + 1))).isPresent();
    }

    @Test
    void a_message_id_is_at_most_128_characters_of_the_documented_set() {
        assertThat(Limits.telemetryViolation(withId("a-:.+%_#*?!(),=@;$'9"))).isEmpty();
        assertThat(Limits.telemetryViolation(withId("x".repeat(128)))).isEmpty();
        assertThat(Limits.telemetryViolation(withId("x".repeat(129)))).isPresent();
        assertThat(Limits.c2dViolation(withId("a b")))
                .hasValueSatisfying(v -> assertThat(v).contains("[a b]"));
        assertThat(Limits.c2dViolation(withId("é"))).isPresent();
    }

    @Test
    void c2d_properties_outside_the_documented_set_are_worth_a_warning() {
        Message fine =
                Message.builder("").property("a!b", "v~").property("none", null).build();
        assertThat(Limits.c2dPropertyViolation(fine)).isEmpty();
        assertThat(Limits.c2dPropertyViolation(
                        fine.toBuilder().property("k", "a b").build()))
                .hasValueSatisfying(v -> assertThat(v).startsWith("property [k]"));
    }

    private static Message sized(int bytes) {
        return Message.builder(new byte[bytes - 6])
                .messageId("id")
                .property("k", "abc")
                .build();
    }

    private static Message withId(String id) {
        return Message.builder("x").messageId(id).build();
    }
}
