package io.hubwire.https;

import io.hubwire.protocol.HubwireException;
import java.time.Duration;

/**
 * When and how long after a failure a repeatable request goes out again: exponential back-off with full jitter, so that
 * many clients which failed together do not come back together. Pure; chance is handed in.
 *
 * @param attempts how often a request is sent at most, the first time included; 1 means never again
 * @param firstPause the longest pause before the second attempt; doubles with each further one
 * @param longestPause where the doubling ends
 */
public record RetryPolicy(int attempts, Duration firstPause, Duration longestPause) {
    /** Four attempts; pauses of up to 0.25, 0.5 and 1 second. */
    public static final RetryPolicy DEFAULT = new RetryPolicy(4, Duration.ofMillis(250), Duration.ofSeconds(10));

    /** Every request is sent once. */
    public static final RetryPolicy NEVER = new RetryPolicy(1, Duration.ZERO, Duration.ZERO);

    public RetryPolicy {
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts [" + attempts + "] must be 1 or more");
        }
        if (firstPause.isNegative() || longestPause.isNegative()) {
            throw new IllegalArgumentException(
                    "pauses [" + firstPause + ", " + longestPause + "] must not be negative");
        }
    }

    /** Whether an answer with this status may turn into another one by itself: 429 and 5xx. */
    static boolean mayPass(int status) {
        return status == 429 || status >= 500;
    }

    /** Whether a failure of the way there may pass by itself. */
    static boolean mayPass(HubwireException failure) {
        return failure.code().retryable();
    }

    /**
     * The pause after the {@code attempt}-th sending has failed.
     *
     * @param attempt 1 for the first
     * @param chance 0 (inclusive) to 1 (exclusive)
     * @return zero to the doubled pause, evenly spread
     */
    Duration pauseAfter(int attempt, double chance) {
        // 2^30 times any sensible pause is above the limit; beyond that the shift would overflow
        long doubled = 1L << Math.min(attempt - 1, 30);
        double ceiling = Math.min((double) firstPause.toNanos() * doubled, (double) longestPause.toNanos());
        return Duration.ofNanos((long) (ceiling * chance));
    }
}
