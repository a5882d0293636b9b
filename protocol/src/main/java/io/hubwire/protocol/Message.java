package io.hubwire.protocol;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One message, the same whether it travels by MQTT, HTTPS or AMQP; each way has one codec. Immutable: arrays and maps
 * are copied in and out.
 *
 * <p>A property of either kind may have the value null: present without a value (a bare key in an MQTT bag), which is
 * not the same as empty. System properties are kept as the text on the wire, since the hub stores times as opaque text.
 */
public final class Message {
    private final byte[] body;
    private final Map<SystemProperty, @Nullable String> system;
    private final Map<String, @Nullable String> properties;

    private Message(Builder b) {
        this.body = b.body;
        this.system = Collections.unmodifiableMap(new EnumMap<>(b.system));
        this.properties = Collections.unmodifiableMap(new LinkedHashMap<>(b.properties));
    }

    /** A message with this text, in UTF-8, and nothing else. */
    public static Message of(String text) {
        return builder(text).build();
    }

    public static Builder builder(String text) {
        return new Builder(text.getBytes(StandardCharsets.UTF_8));
    }

    public static Builder builder(byte[] body) {
        return new Builder(body.clone());
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

    /** System properties in the order of {@link SystemProperty}. */
    public Map<SystemProperty, @Nullable String> system() {
        return system;
    }

    /** Application properties in the order given or received. */
    public Map<String, @Nullable String> properties() {
        return properties;
    }

    /** The value, or empty when the property is absent or has no value. */
    public Optional<String> get(SystemProperty name) {
        return Optional.ofNullable(system.get(name));
    }

    public Optional<String> messageId() {
        return get(SystemProperty.MESSAGE_ID);
    }

    public Optional<String> correlationId() {
        return get(SystemProperty.CORRELATION_ID);
    }

    public Optional<String> userId() {
        return get(SystemProperty.USER_ID);
    }

    public Optional<String> contentType() {
        return get(SystemProperty.CONTENT_TYPE);
    }

    public Optional<String> contentEncoding() {
        return get(SystemProperty.CONTENT_ENCODING);
    }

    /** ISO 8601 text as the sender wrote it. */
    public Optional<String> creationTime() {
        return get(SystemProperty.CREATION_TIME);
    }

    /** ISO 8601 text as the sender wrote it. */
    public Optional<String> expiry() {
        return get(SystemProperty.EXPIRY);
    }

    /**
     * What the hub counts against 262,144 (telemetry) or 65,536 (C2D) bytes: body, values of system properties, names and
     * values of application properties. Source: mqtt-device 1.8, row "max message".
     */
    public int meteredSize() {
        int size = body.length;
        for (String value : system.values()) {
            size += utf8Length(value);
        }
        for (Map.Entry<String, @Nullable String> p : properties.entrySet()) {
            size += utf8Length(p.getKey()) + utf8Length(p.getValue());
        }
        return size;
    }

    /** A builder that starts from this message. */
    public Builder toBuilder() {
        Builder b = new Builder(body);
        b.system.putAll(system);
        b.properties.putAll(properties);
        return b;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Message m
                && Arrays.equals(body, m.body)
                && system.equals(m.system)
                && properties.equals(m.properties);
    }

    @Override
    public int hashCode() {
        return Objects.hash(Arrays.hashCode(body), system, properties);
    }

    /** Sizes and system properties; bodies and application properties stay out of logs. */
    @Override
    public String toString() {
        return "Message[" + body.length + " bytes, " + system + ", " + properties.size() + " properties]";
    }

    private static int utf8Length(@Nullable String s) {
        return s == null ? 0 : s.getBytes(StandardCharsets.UTF_8).length;
    }

    /** Collects a message. Not thread-safe. */
    public static final class Builder {
        private final byte[] body;
        private final EnumMap<SystemProperty, @Nullable String> system = new EnumMap<>(SystemProperty.class);
        private final Map<String, @Nullable String> properties = new LinkedHashMap<>();

        private Builder(byte[] ownedBody) {
            this.body = ownedBody;
        }

        /** Sets, or with null: present without a value. */
        public Builder system(SystemProperty name, @Nullable String value) {
            system.put(name, value);
            return this;
        }

        public Builder messageId(String value) {
            return system(SystemProperty.MESSAGE_ID, value);
        }

        public Builder correlationId(String value) {
            return system(SystemProperty.CORRELATION_ID, value);
        }

        public Builder userId(String value) {
            return system(SystemProperty.USER_ID, value);
        }

        public Builder contentType(String value) {
            return system(SystemProperty.CONTENT_TYPE, value);
        }

        public Builder contentEncoding(String value) {
            return system(SystemProperty.CONTENT_ENCODING, value);
        }

        /** Written as {@code 2030-01-01T00:00:00Z}, in UTC. */
        public Builder creationTime(Instant value) {
            return system(SystemProperty.CREATION_TIME, value.toString());
        }

        /** Written as {@code 2030-01-01T00:00:00Z}, in UTC. */
        public Builder expiry(Instant value) {
            return system(SystemProperty.EXPIRY, value.toString());
        }

        /** An application property; null means: present without a value. A repeated name replaces. */
        public Builder property(String name, @Nullable String value) {
            properties.put(name, value);
            return this;
        }

        public Builder properties(Map<String, ? extends @Nullable String> values) {
            properties.putAll(values);
            return this;
        }

        public Message build() {
            return new Message(this);
        }
    }
}
