package io.hubwire.protocol.http;

import io.hubwire.protocol.WireTime;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/**
 * Times in the headers of a received cloud-to-device message: US style, UTC, whole seconds, {@code 12/09/2019 12:10:00
 * PM}. Source: device-http 3.
 */
public final class HttpTime {
    private static final DateTimeFormatter US_STYLE =
            DateTimeFormatter.ofPattern("MM/dd/uuuu hh:mm:ss a", Locale.US).withZone(ZoneOffset.UTC);

    private HttpTime() {}

    public static String format(Instant time) {
        return US_STYLE.format(time);
    }

    /** Reads {@link #format}'s text, or ISO 8601; empty for anything else, an empty text included. */
    public static Optional<Instant> parse(String text) {
        try {
            return Optional.of(US_STYLE.parse(text, Instant::from));
        } catch (DateTimeException notUsStyle) {
            return WireTime.parse(text);
        }
    }
}
