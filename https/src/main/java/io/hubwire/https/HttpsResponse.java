package io.hubwire.https;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One answer, read to its end. Immutable; arrays are copied in and out. */
public final class HttpsResponse {
    private final int status;
    private final Map<String, String> headers;
    private final byte[] body;

    /**
     * @param status 100 to 599
     * @param headers names in any case; look-ups disregard it
     * @param body possibly empty, never null
     */
    public HttpsResponse(int status, Map<String, String> headers, byte[] body) {
        this.status = status;
        Map<String, String> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        copy.putAll(headers);
        this.headers = Collections.unmodifiableMap(copy);
        this.body = body.clone();
    }

    public int status() {
        return status;
    }

    /** 200 to 299. */
    public boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    /** All headers; look-ups disregard case; of a repeated header the last one. */
    public Map<String, String> headers() {
        return headers;
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    /** The {@code ETag} header without its double quotes. Source: service-rest 1.5. */
    public Optional<String> etag() {
        return header("ETag").map(HttpsResponse::unquote);
    }

    /** A copy of the body. */
    public byte[] body() {
        return body.clone();
    }

    /** Bytes in the body. */
    public int bodyLength() {
        return body.length;
    }

    /** The body read as UTF-8; malformed bytes become U+FFFD. */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /**
     * How long the peer asks us to wait, from {@code Retry-After} in either of its forms: whole seconds, or a date, which
     * is compared with the peer's own {@code Date} since its clock need not agree with ours. Never negative; empty when
     * absent or unreadable. Source: RFC 9110, section 10.2.3.
     */
    public Optional<Duration> retryAfter() {
        return header("Retry-After").map(String::trim).flatMap(value -> {
            // nine digits are thirty years: longer ones are no answer
            if (!value.isEmpty() && value.length() <= 9 && value.chars().allMatch(c -> c >= '0' && c <= '9')) {
                return Optional.of(Duration.ofSeconds(Integer.parseInt(value)));
            }
            Optional<Instant> answered = header("Date").flatMap(HttpsResponse::parseDate);
            return parseDate(value).flatMap(until -> answered.map(from -> notNegative(Duration.between(from, until))));
        });
    }

    /** Status and size; the body may hold keys. */
    @Override
    public String toString() {
        return "HttpsResponse[" + status + ", " + body.length + " bytes]";
    }

    private static Optional<Instant> parseDate(String text) {
        try {
            return Optional.of(ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant());
        } catch (DateTimeException unreadable) {
            return Optional.empty();
        }
    }

    private static Duration notNegative(Duration wait) {
        return wait.isNegative() ? Duration.ZERO : wait;
    }

    private static String unquote(String tag) {
        boolean quoted = tag.length() >= 2 && tag.startsWith("\"") && tag.endsWith("\"");
        return quoted ? tag.substring(1, tag.length() - 1) : tag;
    }
}
