package io.hubwire.protocol;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The properties at the end of a telemetry, C2D or module input topic:
 *
 * <pre>
 * bag  = pair *( "&amp;" pair ) [ "/" ]
 * pair = key [ "=" value ]              ; both percent-encoded UTF-8
 * </pre>
 *
 * Keys that begin {@code $.} (written {@code %24.}) and {@code iothub-ack} are system properties, all others belong to
 * the application. A null value is a bare key on the wire, which is not the same as an empty one. Source: mqtt-device
 * 2.2 and 3.1.
 *
 * @param values decoded keys and values in the order of the wire; a repeated key holds its last value; keys are never
 *     empty
 */
public record PropertyBag(Map<String, @Nullable String> values) {
    private static final PropertyBag EMPTY = new PropertyBag(Map.of());

    /** @throws InvalidInputException for an empty key, which the wire cannot carry */
    public PropertyBag {
        if (values.containsKey("")) {
            throw new InvalidInputException("a property has the empty name []; names have at least one character");
        }
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    public static PropertyBag empty() {
        return EMPTY;
    }

    /**
     * The bag of a message: system properties in the order of {@link SystemProperty}, then the application's. Nothing may
     * come before the system properties: the official Java client loses whatever does.
     *
     * @throws InvalidInputException when an application property has the name of a system property
     */
    public static PropertyBag of(Message message) {
        Map<String, @Nullable String> values = new LinkedHashMap<>();
        message.system().forEach((name, value) -> values.put(name.mqttKey(), value));
        message.properties().forEach((name, value) -> {
            if (SystemProperty.byMqttKey(name).isPresent()) {
                throw new InvalidInputException("application property [" + name
                        + "] has the name of a system property; set it as one or choose another name");
            }
            values.put(name, value);
        });
        return new PropertyBag(values);
    }

    /** A message with these properties. A {@code $.} key that no table knows stays an application property. */
    public Message toMessage(byte[] body) {
        Message.Builder message = Message.builder(body);
        values.forEach((key, value) -> {
            Optional<SystemProperty> system = SystemProperty.byMqttKey(key);
            if (system.isPresent()) {
                message.system(system.get(), value);
            } else {
                message.property(key, value);
            }
        });
        return message.build();
    }

    /** {@code k=v&k2=v2}, percent-encoded; {@code k=} for an empty value, {@code k} for none. */
    public String format() {
        StringBuilder out = new StringBuilder();
        values.forEach((key, value) -> {
            out.append(out.isEmpty() ? "" : "&").append(PercentEncoding.encode(key));
            if (value != null) {
                out.append('=').append(PercentEncoding.encode(value));
            }
        });
        return out.toString();
    }

    /** As {@link #parsePublished(String, int)}, from the start. */
    public static PropertyBag parsePublished(String text) {
        return parsePublished(text, 0);
    }

    /**
     * Reads what a device published, by the hub's rules: {@code /} ends the bag, an empty value counts as none, a second
     * {@code =} in a pair or an empty key is an error.
     *
     * @param topic the text that holds the bag
     * @param from where the bag begins
     * @throws RemoteProtocolException with the position in {@code topic}; the hub then closes the connection
     */
    public static PropertyBag parsePublished(String topic, int from) {
        int slash = topic.indexOf('/', from);
        int end = slash < 0 ? topic.length() : slash;
        if (end == from) {
            return EMPTY;
        }
        Map<String, @Nullable String> values = new LinkedHashMap<>();
        int start = from;
        while (true) {
            int pairEnd = indexOf(topic, '&', start, end);
            int equals = indexOf(topic, '=', start, pairEnd);
            if (equals == start || pairEnd == start) {
                throw Malformed.at("property bag", topic, start, "a property name must not be empty");
            }
            int second = indexOf(topic, '=', Math.min(equals + 1, pairEnd), pairEnd);
            if (second < pairEnd) {
                throw Malformed.at("property bag", topic, second, "a value must not contain '='; it is written %3D");
            }
            String value = equals + 1 < pairEnd ? PercentEncoding.decode(topic.substring(equals + 1, pairEnd)) : null;
            values.put(PercentEncoding.decode(topic.substring(start, equals)), value);
            if (pairEnd == end) {
                return new PropertyBag(values);
            }
            start = pairEnd + 1;
        }
    }

    /** As {@link #parseDelivered(String, int)}, from the start. */
    public static PropertyBag parseDelivered(String text) {
        return parseDelivered(text, 0);
    }

    /**
     * Reads what a hub delivered, tolerantly: one {@code /} at the end is dropped, a pair is split at its first {@code =},
     * a bare key has no value, and {@code k=} has an empty one. A pair without a key is passed over, since a device cannot
     * ask the hub to repeat a message it dislikes. Never fails.
     *
     * @param topic the text that holds the bag
     * @param from where the bag begins
     */
    public static PropertyBag parseDelivered(String topic, int from) {
        int end = topic.endsWith("/") ? Math.max(from, topic.length() - 1) : topic.length();
        Map<String, @Nullable String> values = new LinkedHashMap<>();
        for (int start = from; start < end; ) {
            int pairEnd = indexOf(topic, '&', start, end);
            int equals = indexOf(topic, '=', start, pairEnd);
            if (equals > start) {
                String value = equals < pairEnd ? PercentEncoding.decode(topic.substring(equals + 1, pairEnd)) : null;
                values.put(PercentEncoding.decode(topic.substring(start, equals)), value);
            }
            start = pairEnd + 1;
        }
        return new PropertyBag(values);
    }

    /** The first {@code c} in [from, end), or end. Never looks further: a bag of bare keys would cost its square. */
    private static int indexOf(String text, char c, int from, int end) {
        int at = from;
        while (at < end && text.charAt(at) != c) {
            at++;
        }
        return at;
    }
}
