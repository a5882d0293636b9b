package io.hubwire.protocol;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import java.util.Optional;

/**
 * Times as the service writes them: UTC with seven fraction digits and {@code Z}, the round-trip form of .NET. One
 * official SDK reads no other in {@code $.exp}. Source: mqtt-device 2.3 and 3.1; service-rest 12.1.
 */
public final class WireTime {
    private static final DateTimeFormatter ROUND_TRIP = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSSSSSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter TRACKING =
            DateTimeFormatter.ofPattern("MM/dd/uuuu HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private WireTime() {}

    /** {@code 2030-01-01T00:00:00.0000000Z}; digits beyond the seventh are cut. */
    public static String format(Instant time) {
        return ROUND_TRIP.format(time);
    }

    /** {@code 01/31/2024 03:04:05}, as in tracking ids. */
    public static String formatTracking(Instant time) {
        return TRACKING.format(time);
    }

    /** Reads ISO 8601 with any number of fraction digits; without an offset it is UTC. Empty for anything else. */
    public static Optional<Instant> parse(String text) {
        try {
            TemporalAccessor time =
                    DateTimeFormatter.ISO_DATE_TIME.parseBest(text, OffsetDateTime::from, LocalDateTime::from);
            return Optional.of(
                    time instanceof OffsetDateTime withOffset
                            ? withOffset.toInstant()
                            : ((LocalDateTime) time).toInstant(ZoneOffset.UTC));
        } catch (DateTimeException notATime) {
            return Optional.empty();
        }
    }
}
