package io.hubwire.protocol;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How much the hub takes, whatever the transport. Sources: mqtt-device 1.8, 2.3 and 3.2; service-rest 13.2 and 14. What
 * a twin may hold is said by {@link io.hubwire.protocol.json.TwinRules}.
 */
public final class Limits {
    /** Bytes of a telemetry message as {@link Message#meteredSize} counts them. */
    public static final int TELEMETRY_BYTES = 262_144;
    /** Bytes of a cloud-to-device message as {@link Message#meteredSize} counts them. */
    public static final int C2D_BYTES = 65_536;
    /** Cloud-to-device messages that wait for one device. */
    public static final int C2D_QUEUE = 50;
    /** Bytes of UTF-8 in an MQTT topic. */
    public static final int TOPIC_BYTES = 65_535;
    /** Characters of a message id. */
    public static final int MESSAGE_ID_CHARS = 128;
    /** Bytes of a direct method's payload, each way. */
    public static final int METHOD_PAYLOAD_BYTES = 131_072;
    /** Topic filters on one MQTT connection. */
    public static final int SUBSCRIPTIONS = 5;

    private static final String MESSAGE_ID_PUNCTUATION = "-:.+%_#*?!(),=@;$'";
    private static final String C2D_PROPERTY_PUNCTUATION = "!#$%&'*+-.^_`|~";

    private Limits() {}

    /** What the hub would refuse in a telemetry message, or empty. The text names the value and the rule. */
    public static Optional<String> telemetryViolation(Message message) {
        return tooLarge("telemetry message", message, TELEMETRY_BYTES).or(() -> messageIdViolation(message));
    }

    /**
     * What the hub would refuse in a cloud-to-device message, or empty. The documented character set of properties is
     * stricter than what receivers cope with, see {@link #c2dPropertyViolation}.
     */
    public static Optional<String> c2dViolation(Message message) {
        return tooLarge("cloud-to-device message", message, C2D_BYTES).or(() -> messageIdViolation(message));
    }

    /**
     * A C2D property outside the documented set of ASCII letters, digits and {@code !#$%&'*+-.^_`|~}, or empty. The hub
     * passes others on, but not every SDK can read them: a warning, not an error.
     */
    public static Optional<String> c2dPropertyViolation(Message message) {
        return message.properties().entrySet().stream()
                .filter(p -> !consistsOf(p.getKey(), C2D_PROPERTY_PUNCTUATION)
                        || !consistsOf(p.getValue(), C2D_PROPERTY_PUNCTUATION))
                .findFirst()
                .map(p -> "property [" + p.getKey() + "] has a character in its name or value other than ASCII letters,"
                        + " digits and " + C2D_PROPERTY_PUNCTUATION);
    }

    private static Optional<String> tooLarge(String what, Message message, int limit) {
        int size = message.meteredSize();
        return size > limit
                ? Optional.of("the " + what + " counts " + size + " bytes with its properties; at most " + limit
                        + " are allowed")
                : Optional.empty();
    }

    private static Optional<String> messageIdViolation(Message message) {
        return message.messageId()
                .filter(id -> id.length() > MESSAGE_ID_CHARS || !consistsOf(id, MESSAGE_ID_PUNCTUATION))
                .map(id -> "message id [" + id.substring(0, Math.min(id.length(), MESSAGE_ID_CHARS))
                        + "] must have at most " + MESSAGE_ID_CHARS + " ASCII letters, digits and "
                        + MESSAGE_ID_PUNCTUATION);
    }

    private static boolean consistsOf(@Nullable String text, String punctuation) {
        return text == null
                || text.chars()
                        .allMatch(c -> c < 0x80 && (Character.isLetterOrDigit(c) || punctuation.indexOf(c) >= 0));
    }
}
