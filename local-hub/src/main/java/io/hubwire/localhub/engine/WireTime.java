package io.hubwire.localhub.engine;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Times as the service API writes them. Source: service-rest 2.2. */
final class WireTime {
    /** What stands for a time that never was; without a {@code Z}. */
    static final String NEVER = "0001-01-01T00:00:00";

    private static final DateTimeFormatter SEVEN_DIGITS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSS'Z'").withZone(ZoneOffset.UTC);

    private WireTime() {}

    /** ISO 8601 in UTC with seven fraction digits and {@code Z}; {@link #NEVER} for null. */
    static String format(@Nullable Instant time) {
        return time == null ? NEVER : SEVEN_DIGITS.format(time);
    }

    /** Reads ISO 8601 with any number of fraction digits; without an offset it means UTC. Empty when it cannot be read. */
    static Optional<Instant> parse(String text) {
        try {
            boolean zoned = text.endsWith("Z")
                    || text.endsWith("z")
                    || text.lastIndexOf('+') > 0
                    || text.lastIndexOf('-') > text.indexOf('T') && text.indexOf('T') > 0;
            return Optional.of(OffsetDateTime.parse(zoned ? text : text + "Z").toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
