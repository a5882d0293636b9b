package io.hubwire.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WireTimeTest {
    @Test
    void is_written_with_seven_digits() {
        assertThat(WireTime.format(Instant.parse("2030-01-01T00:00:00Z"))).isEqualTo("2030-01-01T00:00:00.0000000Z");
        assertThat(WireTime.format(Instant.parse("2021-04-21T11:30:16.123456789Z")))
                .isEqualTo("2021-04-21T11:30:16.1234567Z");
        assertThat(WireTime.formatTracking(Instant.parse("2024-01-31T15:04:05Z")))
                .isEqualTo("01/31/2024 15:04:05");
    }

    @ParameterizedTest
    @CsvSource({
        "2030-01-01T00:00:00.0000000Z, 2030-01-01T00:00:00Z",
        "2021-04-21T11:30:16.123Z, 2021-04-21T11:30:16.123Z",
        "2021-04-21T11:30:16.123456, 2021-04-21T11:30:16.123456Z",
        "2021-04-21T13:30:16+02:00, 2021-04-21T11:30:16Z"
    })
    void is_read_as_the_sdks_write_it(String text, Instant expected) {
        assertThat(WireTime.parse(text)).contains(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "tomorrow", "2021-04-21", "1619004616"})
    void anything_else_is_no_time(String text) {
        assertThat(WireTime.parse(text)).isEmpty();
    }
}
