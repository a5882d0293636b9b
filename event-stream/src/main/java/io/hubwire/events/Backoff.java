package io.hubwire.events;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait before the next attempt: doubling from half a second to half a minute, spread by chance. */
final class Backoff {
    private static final Duration FIRST = Duration.ofMillis(500);
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final RandomGenerator random;
    private int attempts;

    Backoff(RandomGenerator random) {
        this.random = random;
    }

    /** The wait before the next attempt: between half of the step and all of it. */
    Duration next() {
        long step = Math.min(LONGEST.toMillis(), FIRST.toMillis() << Math.min(attempts++, 10));
        return Duration.ofMillis(step / 2 + random.nextLong(step / 2 + 1));
    }

    /** It went well. */
    void reset() {
        attempts = 0;
    }
}
