package io.hubwire.https;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryPolicyTest {
    private final RetryPolicy policy = new RetryPolicy(10, Duration.ofMillis(100), Duration.ofSeconds(1));

    @ParameterizedTest
    @CsvSource({"1, 50", "2, 100", "3, 200", "4, 400", "5, 500", "6, 500", "1000000, 500"})
    void pauses_double_up_to_the_longest(int attempt, long millisAtHalf) {
        assertThat(policy.pauseAfter(attempt, 0.5)).isEqualTo(Duration.ofMillis(millisAtHalf));
    }

    @Test
    void jitter_is_full_from_zero_on() {
        assertThat(policy.pauseAfter(3, 0)).isZero();
        assertThat(policy.pauseAfter(3, 0.999)).isBetween(Duration.ofMillis(399), Duration.ofMillis(400));
    }

    @ParameterizedTest
    @CsvSource({
        "200, false",
        "400, false",
        "401, false",
        "404, false",
        "408, false",
        "412, false",
        "429, true",
        "500, true",
        "503, true",
        "504, true"
    })
    void only_throttling_and_server_errors_may_pass(int status, boolean passes) {
        assertThat(RetryPolicy.mayPass(status)).isEqualTo(passes);
    }

    @Test
    void at_least_one_attempt_and_no_negative_pause() {
        assertThatThrownBy(() -> new RetryPolicy(0, Duration.ZERO, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new RetryPolicy(1, Duration.ofMillis(-1), Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
