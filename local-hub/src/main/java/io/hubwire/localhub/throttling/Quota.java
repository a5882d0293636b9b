package io.hubwire.localhub.throttling;

import java.time.Duration;

/**
 * What a hub lets through. How large bursts and backlogs are is documented in words only ("a minute or two", "the queue
 * fills up"), hence the settings.
 *
 * @param burst how long's worth of a rate may be used up at once; above zero
 * @param backlog how long an operation may be held back before one more is refused; not negative
 */
public record Quota(Tier tier, Duration burst, Duration backlog) {
    public Quota {
        if (burst.isNegative() || burst.isZero() || backlog.isNegative()) {
            throw new IllegalArgumentException(
                    "burst [" + burst + "] must be above zero, backlog [" + backlog + "] not negative");
        }
    }

    /** One unit of a tier, with bursts of a minute and a backlog of ten seconds. */
    public static Quota of(Tier tier) {
        return new Quota(tier, Duration.ofMinutes(1), Duration.ofSeconds(10));
    }
}
