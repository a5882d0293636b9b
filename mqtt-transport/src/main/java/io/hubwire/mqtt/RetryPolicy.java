package io.hubwire.mqtt;

import java.time.Duration;

/**
 * When to try again after a connection failed or broke. The n-th delay is {@code firstDelay * 2^(n-1)}, at most {@code
 * maxDelay}, less a random part of up to half. The count starts again only after a connection was good for 30 seconds,
 * so that a link that flaps is not tried ever faster.
 *
 * @param firstDelay 1 ms or more
 * @param maxDelay {@code firstDelay} or more
 * @param openPatience how long {@code connect()} goes on trying before it fails, and how long a client that was connected
 *     goes on from the first of a row of refusals (CONNACK 5); zero to take the first answer. A connection that was lost for
 *     another reason is tried again without limit, unless this is zero. Hubs that fail over may refuse for longer than
 *     the default: devices nobody can reach want more
 */
public record RetryPolicy(Duration firstDelay, Duration maxDelay, Duration openPatience) {
    /** 0.5 s to 60 s; gives up opening after 4 minutes, as official SDKs do. */
    public static final RetryPolicy DEFAULT =
            new RetryPolicy(Duration.ofMillis(500), Duration.ofSeconds(60), Duration.ofMinutes(4));

    /** Never tries again: the first failure is final. For programs that somebody watches. */
    public static final RetryPolicy NONE =
            new RetryPolicy(Duration.ofMillis(500), Duration.ofSeconds(60), Duration.ZERO);

    /** @throws IllegalArgumentException when a range above is broken */
    public RetryPolicy {
        if (firstDelay.compareTo(Duration.ofMillis(1)) < 0 || maxDelay.compareTo(firstDelay) < 0) {
            throw new IllegalArgumentException(
                    "retry delays [" + firstDelay + ", " + maxDelay + "] must be 1 ms or more, the second not smaller");
        }
        if (openPatience.isNegative()) {
            throw new IllegalArgumentException("patience [" + openPatience + "] is negative");
        }
    }

    /** Whether there are retries at all. */
    public boolean retries() {
        return !openPatience.isZero();
    }

    /** The delay before the n-th try in a row, n from 1; {@code random} from 0 (inclusive) to 1. */
    Duration delay(int n, double random) {
        long doubled = firstDelay.toMillis() << Math.min(n - 1, 20);
        long full = Math.min(maxDelay.toMillis(), Math.max(doubled, 0));
        return Duration.ofMillis(Math.max(1, Math.round(full * (1 - random / 2))));
    }
}
