package io.hubwire.localhub.throttling;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** Messages a day, from one midnight UTC to the next. Not thread-safe. */
final class DailyMessages {
    private final long limit;
    private final int messageBytes;
    private LocalDate day = LocalDate.MIN;
    private long used;

    /** @param messageBytes a message counts once for each so many bytes it has begun, an empty one once */
    DailyMessages(long limit, int messageBytes) {
        this.limit = limit;
        this.messageBytes = messageBytes;
    }

    boolean hasRoomFor(Instant now, int bytes) {
        LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
        if (!today.equals(day)) {
            day = today;
            used = 0;
        }
        return used + cost(bytes) <= limit;
    }

    /** Counts a message there is room for. */
    void count(int bytes) {
        used += cost(bytes);
    }

    /** Until the next midnight UTC; above zero. */
    static Duration untilTomorrow(Instant now) {
        LocalDate tomorrow = LocalDate.ofInstant(now, ZoneOffset.UTC).plusDays(1);
        return Duration.between(now, tomorrow.atStartOfDay(ZoneOffset.UTC).toInstant());
    }

    private long cost(int bytes) {
        return Math.max(1, (bytes + messageBytes - 1L) / messageBytes);
    }
}
