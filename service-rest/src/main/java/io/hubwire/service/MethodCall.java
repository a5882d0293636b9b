package io.hubwire.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.Limits;
import io.hubwire.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * A direct method to invoke. Source: service-rest 6.
 *
 * <pre>{@code
 * MethodCall.of("blink").payload("{\"times\":3}").responseTimeout(Duration.ofSeconds(10)).build();
 * }</pre>
 *
 * @param name as the device knows it, case-sensitive; not empty
 * @param payload JSON text, {@code null} without quotes for none; at most 131,072 bytes
 * @param responseTimeout how long the device may take to answer, 5 to 300 s in whole seconds
 * @param connectTimeout how long the hub waits for the device to connect, 0 to 300 s in whole seconds
 */
public record MethodCall(String name, String payload, Duration responseTimeout, Duration connectTimeout) {
    private static final Duration LEAST_RESPONSE = Duration.ofSeconds(5);
    private static final Duration MOST = Duration.ofSeconds(300);

    /** @throws InvalidInputException when a rule above is broken */
    public MethodCall {
        if (name.isBlank() || name.chars().anyMatch(Character::isISOControl)) {
            throw new InvalidInputException("method name [" + name.replaceAll("\\p{Cntrl}", "?")
                    + "] must have at least one character, and no control characters");
        }
        int size = payload.getBytes(StandardCharsets.UTF_8).length;
        if (size > Limits.METHOD_PAYLOAD_BYTES) {
            throw new InvalidInputException("payload of method [" + name + "] has " + size + " bytes; at most "
                    + Limits.METHOD_PAYLOAD_BYTES + " are allowed");
        }
        Fields.given("payload of method [" + name + "]", payload);
        check("responseTimeout", responseTimeout, LEAST_RESPONSE);
        check("connectTimeout", connectTimeout, Duration.ZERO);
    }

    /** No payload, 30 s to answer, no waiting for an absent device. */
    public static Builder of(String name) {
        return new Builder(name);
    }

    /** The request body; jobs carry it as {@code cloudToDeviceMethod}. */
    ObjectNode body() {
        JsonNode value = Json.parse("payload", payload);
        ObjectNode out = Json.object().put("methodName", name);
        out.set("payload", value);
        return out.put("responseTimeoutInSeconds", responseTimeout.toSeconds())
                .put("connectTimeoutInSeconds", connectTimeout.toSeconds());
    }

    /** The name; payloads stay out of logs. */
    @Override
    public String toString() {
        return "MethodCall[" + name + ", " + payload.length() + " characters]";
    }

    private static void check(String what, Duration value, Duration least) {
        boolean whole = value.equals(Duration.ofSeconds(value.toSeconds()));
        if (!whole || value.compareTo(least) < 0 || value.compareTo(MOST) > 0) {
            throw new InvalidInputException(what + " [" + value + "] must be " + least.toSeconds() + " to "
                    + MOST.toSeconds() + " whole seconds");
        }
    }

    /** Collects a call. Not thread-safe. */
    public static final class Builder {
        private final String name;
        private String payload = "null";
        private Duration responseTimeout = Duration.ofSeconds(30);
        private Duration connectTimeout = Duration.ZERO;

        private Builder(String name) {
            this.name = name;
        }

        /** Any JSON value, as text. */
        public Builder payload(String json) {
            this.payload = json;
            return this;
        }

        /** 5 to 300 s; default 30 s. */
        public Builder responseTimeout(Duration value) {
            this.responseTimeout = value;
            return this;
        }

        /** 0 to 300 s; default 0: an absent device is an error at once. */
        public Builder connectTimeout(Duration value) {
            this.connectTimeout = value;
            return this;
        }

        /** @throws InvalidInputException when a rule of {@link MethodCall} is broken */
        public MethodCall build() {
            return new MethodCall(name, payload, responseTimeout, connectTimeout);
        }
    }
}
