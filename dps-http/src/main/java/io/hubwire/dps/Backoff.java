package io.hubwire.dps;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * How long to wait before asking DPS again. Source: dps 2.4, "Ours", and dps 4. Not thread-safe.
 */
final class Backoff {
    static final Duration SHORTEST_ORDER = Duration.ofSeconds(1);
    static final Duration LONGEST_ORDER = Duration.ofSeconds(300);
    static final Duration POLL = Duration.ofSeconds(2);
    static final Duration JITTER = Duration.ofSeconds(1);
    private static final Duration FIRST_CEILING = Duration.ofSeconds(2);
    private static final int MOST_DOUBLINGS = 5; // 64 s

    private final RandomGenerator random;
    private int failures;

    Backoff(RandomGenerator random) {
        this.random = random;
    }

    /** Between polls: what the service ordered, to the letter; otherwise 2 s and up to one more, so that fleets spread. */
    Duration poll(Optional<Duration> ordered) {
        failures = 0;
        return ordered.map(Backoff::clamp).orElseGet(() -> POLL.plus(share(JITTER)));
    }

    /**
     * After a failure: what the service ordered and up to a second more, since it ordered the same to others; otherwise
     * anything up to a ceiling that starts at 2 s and doubles with each failure in a row, up to 64 s.
     */
    Duration failure(Optional<Duration> ordered) {
        Duration ceiling = FIRST_CEILING.multipliedBy(1L << Math.min(failures, MOST_DOUBLINGS));
        failures++;
        return ordered.map(o -> clamp(o).plus(share(JITTER))).orElseGet(() -> share(ceiling));
    }

    private Duration share(Duration most) {
        return Duration.ofNanos((long) (most.toNanos() * random.nextDouble()));
    }

    private static Duration clamp(Duration ordered) {
        if (ordered.compareTo(SHORTEST_ORDER) < 0) {
            return SHORTEST_ORDER;
        }
        return ordered.compareTo(LONGEST_ORDER) > 0 ? LONGEST_ORDER : ordered;
    }
}
