package io.hubwire.localhub.throttling;

import java.time.Duration;
import java.time.Instant;

/**
 * A rate with a burst and a backlog, without any waiting of its own: it says how long the caller must wait. What was taken
 * is kept as the time it takes to come back. Not thread-safe.
 *
 * <pre>
 * taken, this operation included     | answer
 * up to the burst                    | now
 * up to burst and backlog            | wait for what is above the burst; it is taken
 * more                               | refused; nothing is taken
 * </pre>
 */
final class TokenBucket {
    private final double nanosEach;
    private final long burstNanos;
    private final long backlogNanos;
    private Instant last = Instant.MIN;
    private long takenNanos;

    /**
     * Full.
     *
     * @param perSecond sustained rate, above zero
     * @param burst how long's worth of the rate it holds
     */
    TokenBucket(double perSecond, Duration burst, Duration backlog) {
        this.nanosEach = 1e9 / perSecond;
        this.burstNanos = burst.toNanos();
        this.backlogNanos = backlog.toNanos();
    }

    /**
     * Takes tokens.
     *
     * @param now not before that of an earlier call; a clock that was set back stands still here
     * @param tokens above zero
     * @return zero for now, above zero for a wait; negative when refused: how long until it would not be, with its sign
     *     turned
     */
    Duration take(Instant now, int tokens) {
        refill(now);
        long after = takenNanos + (long) Math.ceil(tokens * nanosEach);
        long above = after - burstNanos;
        if (above > backlogNanos) {
            return Duration.ofNanos(backlogNanos - above);
        }
        takenNanos = after;
        return Duration.ofNanos(Math.max(0, above));
    }

    private void refill(Instant now) {
        if (last.equals(Instant.MIN)) {
            last = now;
        } else if (now.isAfter(last)) {
            Duration passed = Duration.between(last, now);
            boolean full = passed.compareTo(Duration.ofNanos(takenNanos)) >= 0;
            takenNanos = full ? 0 : takenNanos - passed.toNanos();
            last = now;
        }
    }
}
