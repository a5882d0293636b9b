package io.hubwire.localhub.throttling;

import io.hubwire.protocol.HubError;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All limits of one hub. Thread-safe; calls nobody but the clock under its lock. */
public final class Throttles {
    private static final Admission AT_ONCE = new Admission.AtOnce();

    private final @Nullable Limits limits;

    private record Limits(Quota quota, Clock clock, Map<Throttle, TokenBucket> buckets, DailyMessages today) {}

    private Throttles(@Nullable Limits limits) {
        this.limits = limits;
    }

    /** @param quota null for a hub without limits */
    public static Throttles of(@Nullable Quota quota, Clock clock) {
        if (quota == null) {
            return new Throttles(null);
        }
        Map<Throttle, TokenBucket> buckets = new EnumMap<>(Throttle.class);
        for (Throttle throttle : Throttle.values()) {
            buckets.put(throttle, new TokenBucket(quota.tier().perSecond(throttle), quota.burst(), quota.backlog()));
        }
        DailyMessages today =
                new DailyMessages(quota.tier().messagesADay(), quota.tier().messageBytes());
        return new Throttles(new Limits(quota, clock, buckets, today));
    }

    /** Whether anything is limited at all. */
    public boolean on() {
        return limits != null;
    }

    /** Counts an operation. */
    public Admission admit(Throttle throttle) {
        return admit(throttle, 1);
    }

    /** @param cost how often it counts, above zero */
    public Admission admit(Throttle throttle, int cost) {
        Limits set = limits;
        if (set == null) {
            return AT_ONCE;
        }
        synchronized (set) {
            return rate(set, throttle, cost, set.clock().instant());
        }
    }

    /**
     * Counts a message, in its rate and among the messages of the day.
     *
     * @param bytes as messages are metered
     */
    public Admission admitMessage(Throttle throttle, int bytes) {
        Limits set = limits;
        if (set == null) {
            return AT_ONCE;
        }
        synchronized (set) {
            Instant now = set.clock().instant();
            if (!set.today().hasRoomFor(now, bytes)) {
                return new Admission.Refused(
                        HubError.IOT_HUB_QUOTA_EXCEEDED,
                        "Total number of messages on IotHub exceeded the allocated quota. "
                                + set.quota().tier() + " has "
                                + set.quota().tier().messagesADay() + " a day, counted from midnight UTC",
                        DailyMessages.untilTomorrow(now));
            }
            Admission admission = rate(set, throttle, 1, now);
            if (!(admission instanceof Admission.Refused)) {
                set.today().count(bytes);
            }
            return admission;
        }
    }

    /** Whether not even the smallest message would be taken today. */
    public boolean isDayUsedUp() {
        Limits set = limits;
        if (set == null) {
            return false;
        }
        synchronized (set) {
            return !set.today().hasRoomFor(set.clock().instant(), 0);
        }
    }

    private static Admission rate(Limits set, Throttle throttle, int cost, Instant now) {
        TokenBucket bucket = set.buckets().get(throttle);
        Duration wait = bucket == null ? Duration.ZERO : bucket.take(now, cost);
        if (wait.isZero()) {
            return AT_ONCE;
        }
        return wait.isNegative() ? refused(set.quota(), throttle, wait.negated()) : new Admission.After(wait);
    }

    private static Admission refused(Quota quota, Throttle throttle, Duration retryAfter) {
        long seconds = retryAfter.plusNanos(999_999_999).toSeconds();
        HubError error = throttle == Throttle.D2C_SENDS
                ? HubError.THROTTLE_BACKLOG_LIMIT_EXCEEDED
                : HubError.THROTTLING_EXCEPTION;
        String rate = String.format(Locale.ROOT, "%.4g", quota.tier().perSecond(throttle));
        return new Admission.Refused(
                error,
                "The request has been throttled. Wait " + seconds + " seconds and try again. Operation type: "
                        + throttle.words() + ", " + rate + " a second in " + quota.tier(),
                retryAfter);
    }
}
