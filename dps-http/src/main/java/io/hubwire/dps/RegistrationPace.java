package io.hubwire.dps;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How long a device that its hub refuses waits before it asks DPS again. The first time a few seconds, since a whole fleet
 * may have been refused at once; if that did not help, 15 to 30 seconds, then twice as long each time, up to half an hour
 * or an hour. An hour without a registration is forgiven. Outlives single searches, so that an application in a loop does
 * not make a storm. Source: dps 4. Not thread-safe.
 */
final class RegistrationPace {
    static final Duration SPREAD = Duration.ofSeconds(5);
    static final Duration FIRST = Duration.ofSeconds(30);
    static final Duration LONGEST = Duration.ofHours(1);
    static final Duration FORGIVEN = Duration.ofHours(1);
    private static final int MOST_DOUBLINGS = 7; // past an hour

    private final RandomGenerator random;
    private @Nullable Instant last;
    private int inVain;

    RegistrationPace(RandomGenerator random) {
        this.random = random;
    }

    /** DPS has assigned a hub, now or in an earlier life of this device. */
    void registered(Instant when) {
        last = when;
    }

    /** That hub refused the device, or is gone: the time to wait before the next registration. */
    Duration afterRefusal(Instant now) {
        Instant before = last;
        if (before == null || Duration.between(before, now).compareTo(FORGIVEN) >= 0) {
            inVain = 0;
            return share(SPREAD);
        }
        Duration ceiling = FIRST.multipliedBy(1L << Math.min(inVain, MOST_DOUBLINGS));
        ceiling = ceiling.compareTo(LONGEST) > 0 ? LONGEST : ceiling;
        inVain++;
        Duration apart = ceiling.dividedBy(2).plus(share(ceiling.dividedBy(2)));
        Duration passed = Duration.between(before, now); // negative when the clock was set back
        Duration wait = passed.isNegative() ? apart : apart.minus(passed);
        return wait.compareTo(Duration.ZERO) > 0 ? wait : share(SPREAD);
    }

    private Duration share(Duration most) {
        return Duration.ofNanos((long) (most.toNanos() * random.nextDouble()));
    }
}
