package io.hubwire.localhub.throttling;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TokenBucketTest {
    private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");
    private static final Duration TENTH = Duration.ofMillis(100);

    /** Ten a second, a burst of five, a backlog of two. */
    private final TokenBucket bucket = new TokenBucket(10, Duration.ofMillis(500), Duration.ofMillis(200));

    @Test
    void lets_a_burst_through_then_holds_back_then_refuses() {
        for (int i = 0; i < 5; i++) {
            assertThat(bucket.take(START, 1)).isZero();
        }
        assertThat(bucket.take(START, 1)).isEqualTo(TENTH);
        assertThat(bucket.take(START, 1)).isEqualTo(TENTH.multipliedBy(2));
        assertThat(bucket.take(START, 1)).isEqualTo(TENTH.negated());
    }

    @Test
    void takes_nothing_when_it_refuses() {
        exhaust();
        assertThat(bucket.take(START, 1)).isNegative();
        assertThat(bucket.take(START.plus(TENTH), 1)).isEqualTo(TENTH.multipliedBy(2));
    }

    @Test
    void is_full_again_after_a_long_rest_and_holds_no_more_than_its_burst() {
        exhaust();
        Instant later = START.plus(Duration.ofDays(400));
        for (int i = 0; i < 5; i++) {
            assertThat(bucket.take(later, 1)).isZero();
        }
        assertThat(bucket.take(later, 1)).isPositive();
    }

    @Test
    void counts_what_costs_more_as_often_as_it_costs() {
        assertThat(bucket.take(START, 5)).isZero();
        assertThat(bucket.take(START, 2)).isEqualTo(TENTH.multipliedBy(2));
    }

    @Test
    void gives_nothing_for_a_clock_that_was_set_back_and_goes_on_when_it_has_caught_up() {
        exhaust();
        assertThat(bucket.take(START.minusSeconds(3600), 1)).isNegative();
        assertThat(bucket.take(START.plusMillis(700), 1)).isZero();
    }

    /** Whatever comes: in any span no more is done at once than the burst and the rate allow, and waits never shrink below. */
    @ParameterizedTest
    @MethodSource("seeds")
    void never_exceeds_its_rate_and_lets_nothing_overtake(long seed) {
        Random random = new Random(seed);
        Instant now = START;
        Instant doneLast = START;
        int taken = 0;
        for (int i = 0; i < 500; i++) {
            now = now.plusMillis(random.nextInt(150));
            int tokens = 1 + random.nextInt(3);
            Duration wait = bucket.take(now, tokens);
            if (!wait.isNegative()) {
                taken += tokens;
                Instant done = now.plus(wait);
                assertThat(done).as("seed %d, step %d", seed, i).isAfterOrEqualTo(doneLast);
                assertThat(taken - 5.0)
                        .as("seed %d, step %d", seed, i)
                        .isLessThanOrEqualTo(10 * Duration.between(START, done).toNanos() / 1e9 + 1e-6);
                doneLast = done;
            }
        }
        assertThat(taken).isPositive();
    }

    static LongStream seeds() {
        return LongStream.range(0, 50);
    }

    private void exhaust() {
        assertThat(bucket.take(START, 5)).isZero();
        assertThat(bucket.take(START, 2)).isPositive();
    }
}
