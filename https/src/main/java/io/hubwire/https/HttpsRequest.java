package io.hubwire.https;

import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.PercentEncoding;
import io.hubwire.protocol.Secrets;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One request as a value: what is sent, and whether it may be sent twice. Immutable. The host is not part of it; that
 * belongs to the {@link HttpsClient}.
 *
 * <pre>{@code
 * HttpsRequest.put("devices", deviceId)
 *         .query("api-version", "2021-04-12")
 *         .header("Authorization", token)
 *         .json("{\"deviceId\":\"d1\"}")
 *         .build();
 * }</pre>
 */
public final class HttpsRequest {
    /** The methods the hub and DPS know. */
    public enum Method {
        GET,
        PUT,
        POST,
        PATCH,
        DELETE
    }

    private final Method method;
    private final String path;
    private final Map<String, String> query;
    private final Map<String, String> headers;
    private final byte @Nullable [] body;
    private final boolean repeatable;
    private final @Nullable Duration timeout;

    private HttpsRequest(Builder b) {
        this.method = b.method;
        this.path = b.path;
        this.query = Collections.unmodifiableMap(new LinkedHashMap<>(b.query));
        Map<String, String> copy = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        copy.putAll(b.headers);
        this.headers = Collections.unmodifiableMap(copy);
        this.body = b.body;
        this.repeatable = b.repeatable;
        this.timeout = b.timeout;
    }

    /** A request without side effects; repeated after a failure. Segments are unencoded: {@code get("devices", id)}. */
    public static Builder get(String... segments) {
        return new Builder(Method.GET, segments).repeatable();
    }

    /** Sent once, unless {@link Builder#repeatable()} says that a second time does no harm. */
    public static Builder put(String... segments) {
        return new Builder(Method.PUT, segments);
    }

    /** Sent once, unless {@link Builder#repeatable()} says that a second time does no harm. */
    public static Builder post(String... segments) {
        return new Builder(Method.POST, segments);
    }

    /** Sent once, unless {@link Builder#repeatable()} says that a second time does no harm. */
    public static Builder patch(String... segments) {
        return new Builder(Method.PATCH, segments);
    }

    /** Sent once, unless {@link Builder#repeatable()} says that a second time does no harm. */
    public static Builder delete(String... segments) {
        return new Builder(Method.DELETE, segments);
    }

    public Method method() {
        return method;
    }

    /** The path as sent: starts with a slash, each segment percent-encoded. */
    public String path() {
        return path;
    }

    /** Query parameters, decoded, in the order they are sent. */
    public Map<String, String> query() {
        return query;
    }

    /** Path and query as sent. */
    public String target() {
        return query.isEmpty() ? path : path + "?" + encodedQuery();
    }

    /** The query as sent, without the question mark; empty when there is none. */
    String encodedQuery() {
        StringBuilder out = new StringBuilder();
        query.forEach((name, value) -> out.append(out.isEmpty() ? "" : "&")
                .append(PercentEncoding.encode(name))
                .append('=')
                .append(PercentEncoding.encode(value)));
        return out.toString();
    }

    /** Headers set by the caller; look-ups disregard case. May hold a token: do not log. */
    public Map<String, String> headers() {
        return headers;
    }

    /** A copy of the body, or empty when there is none. */
    public Optional<byte[]> body() {
        return Optional.ofNullable(body).map(byte[]::clone);
    }

    byte @Nullable [] sharedBody() {
        return body;
    }

    /** Whether a second sending does no more harm than the first. */
    public boolean isRepeatable() {
        return repeatable;
    }

    /** This call's own deadline, or empty for the client's default. */
    public Optional<Duration> timeout() {
        return Optional.ofNullable(timeout);
    }

    /** Method and target, a signature in the query masked; neither headers nor body, which may hold secrets. */
    @Override
    public String toString() {
        return method + " " + Secrets.mask(target());
    }

    /** Collects a request. Not thread-safe. */
    public static final class Builder {
        private final Method method;
        private final String path;
        private final Map<String, String> query = new LinkedHashMap<>();
        private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        private byte @Nullable [] body;
        private boolean repeatable;
        private @Nullable Duration timeout;

        private Builder(Method method, String... segments) {
            this.method = method;
            StringBuilder out = new StringBuilder();
            for (String segment : segments) {
                // every HTTP stack folds dot segments away, encoded or not: DELETE /devices/.. would hit another
                // resource
                if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                    throw new InvalidInputException("path segment [" + segment + "] after [" + out
                            + "] cannot be carried by HTTP: it is empty or a dot segment");
                }
                out.append('/').append(PercentEncoding.encode(segment));
            }
            this.path = out.isEmpty() ? "/" : out.toString();
        }

        /** Adds a parameter, both parts unencoded; a repeated name replaces. */
        public Builder query(String name, String value) {
            query.put(name, value);
            return this;
        }

        /**
         * Sets a header; a repeated name, in any case, replaces.
         *
         * @throws InvalidInputException when the name or value has a character that HTTP does not carry; the text holds
         *     the position and not the value
         */
        public Builder header(String name, String value) {
            HeaderRules.check(name, value);
            headers.put(name, value);
            return this;
        }

        /** Sets body and {@code Content-Type}. The bytes are copied. */
        public Builder body(byte[] bytes, String contentType) {
            this.body = bytes.clone();
            return header("Content-Type", contentType);
        }

        /** Sets a body and leaves its type open, or to a {@link #header}. The bytes are copied. */
        public Builder body(byte[] bytes) {
            this.body = bytes.clone();
            return this;
        }

        /** A body in JSON: UTF-8, with the content type that every SDK sends. Source: service-rest 1.3. */
        public Builder json(String text) {
            this.body = text.getBytes(StandardCharsets.UTF_8);
            return header("Content-Type", "application/json; charset=utf-8");
        }

        /**
         * Marks a request that may be carried out twice without harm: only such a one is repeated after 429, 5xx, or a
         * connection that failed.
         */
        public Builder repeatable() {
            this.repeatable = true;
            return this;
        }

        /**
         * This call's deadline, from {@code send} to the last byte of the answer, repetitions and pauses included.
         *
         * @param value above zero
         */
        public Builder timeout(Duration value) {
            if (value.isZero() || value.isNegative()) {
                throw new IllegalArgumentException("timeout [" + value + "] must be above zero");
            }
            this.timeout = value;
            return this;
        }

        public HttpsRequest build() {
            if (method == Method.GET && body != null) {
                throw new IllegalStateException("GET " + path + " with a body");
            }
            return new HttpsRequest(this);
        }
    }
}
