package io.hubwire.protocol.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * What a twin may hold. The hub refuses a violation with status 400; a client that checks first can say where it is.
 * Source: "Understand and use device twins", section on the format; mqtt-device 5, table of limits.
 */
public final class TwinRules {
    /** Levels of objects and arrays below a section: {@code one} to {@code ten} may nest, an eleventh may not. */
    public static final int MAX_DEPTH = 10;
    /** Bytes of UTF-8 in a key. */
    public static final int MAX_KEY_BYTES = 1024;
    /** Bytes of UTF-8 in a text value. */
    public static final int MAX_STRING_BYTES = 4096;
    /** Smallest integer, -2^52. */
    public static final long MIN_INTEGER = -(1L << 52);
    /** Largest integer, 2^52 - 1. */
    public static final long MAX_INTEGER = (1L << 52) - 1;

    private static final int NUMBER_SIZE = 8;
    private static final int BOOLEAN_SIZE = 4;

    /** The three parts of a twin that hold free JSON. */
    public enum Section {
        /** Set by the back end, unseen by the device. */
        TAGS("tags", 8 * 1024),
        /** Set by the back end, read by the device. */
        DESIRED("desired", 32 * 1024),
        /** Set by the device, read by the back end. */
        REPORTED("reported", 32 * 1024);

        private final String wireName;
        private final int maxSize;

        Section(String wireName, int maxSize) {
            this.wireName = wireName;
            this.maxSize = maxSize;
        }

        public String wireName() {
            return wireName;
        }

        /** Largest {@link TwinRules#size}. */
        public int maxSize() {
            return maxSize;
        }
    }

    /**
     * A broken rule.
     *
     * @param path from the section's name, for example {@code reported.motor.speeds[2]}
     * @param rule what is allowed there
     */
    public record Violation(String path, String rule) {
        @Override
        public String toString() {
            return path + ": " + rule;
        }
    }

    private TwinRules() {}

    /**
     * Checks a patch: an object whose nulls mean "remove". Size is a matter of the merged document, see
     * {@link #checkDocument}.
     *
     * @return the first violation in document order
     */
    public static Optional<Violation> checkPatch(Section section, JsonNode patch) {
        return checkObject(section, patch, true);
    }

    /**
     * Checks a whole section, as a replacement or after a merge: no nulls, and the size limit. Members {@code $metadata}
     * and {@code $version} at the top are the hub's own and not looked at.
     *
     * @return the first violation in document order
     */
    public static Optional<Violation> checkDocument(Section section, JsonNode document) {
        return checkObject(section, document, false).or(() -> {
            int size = size((ObjectNode) document);
            return violationIf(
                    size > section.maxSize(),
                    section.wireName(),
                    "counts " + size + " bytes; at most " + section.maxSize() + " are allowed");
        });
    }

    /**
     * What the hub counts: keys and texts by their UTF-8 bytes without control characters, 8 for a number, 4 for a
     * boolean; not the members {@code $metadata} and {@code $version} at the top.
     */
    public static int size(ObjectNode section) {
        return section.properties().stream()
                .filter(member -> !isMetadata(member.getKey()))
                .mapToInt(member -> countedBytes(member.getKey()) + valueSize(member.getValue()))
                .sum();
    }

    private static int valueSize(JsonNode value) {
        int size = 0;
        if (value.isObject()) {
            for (Map.Entry<String, JsonNode> member : value.properties()) {
                size += countedBytes(member.getKey()) + valueSize(member.getValue());
            }
        } else if (value.isArray()) {
            for (JsonNode element : value) {
                size += valueSize(element);
            }
        } else if (value.isTextual()) {
            size = countedBytes(value.textValue());
        } else if (value.isNumber()) {
            size = NUMBER_SIZE;
        } else if (value.isBoolean()) {
            size = BOOLEAN_SIZE;
        }
        return size;
    }

    private static Optional<Violation> checkObject(Section section, JsonNode value, boolean nulls) {
        String root = section.wireName();
        if (!value.isObject()) {
            return Optional.of(new Violation(root, "must be a JSON object"));
        }
        return value.properties().stream()
                .filter(member -> nulls || !isMetadata(member.getKey()))
                .flatMap(member -> checkMember(root, member, 0, nulls).stream())
                .findFirst();
    }

    private static Optional<Violation> checkMember(
            String parent, Map.Entry<String, JsonNode> member, int depth, boolean nulls) {
        String key = member.getKey();
        return checkKey(parent, key).or(() -> checkValue(parent + "." + key, member.getValue(), depth, nulls));
    }

    private static Optional<Violation> checkKey(String parent, String key) {
        if (key.isEmpty()) {
            return Optional.of(new Violation(parent, "has an empty key"));
        }
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            if (c == '.' || c == '$' || c == ' ' || Character.isISOControl(c)) {
                return Optional.of(new Violation(
                        parent,
                        "key [" + printable(key) + "] has "
                                + (c > ' ' ? "'" + c + "'" : String.format("U+%04X", (int) c)) + " at position "
                                + (i + 1) + "; '.', '$', space and control characters are not allowed"));
            }
        }
        int bytes = utf8Length(key);
        return violationIf(
                bytes > MAX_KEY_BYTES,
                parent,
                "a key has " + bytes + " bytes; at most " + MAX_KEY_BYTES + " are allowed");
    }

    private static Optional<Violation> checkValue(String path, JsonNode value, int depth, boolean nulls) {
        if (value.isContainerNode()) {
            if (depth == MAX_DEPTH) {
                return Optional.of(new Violation(path, "is nested deeper than " + MAX_DEPTH + " levels"));
            }
            return value.isObject()
                    ? value.properties().stream()
                            .flatMap(member -> checkMember(path, member, depth + 1, nulls).stream())
                            .findFirst()
                    : checkArray(path, value, depth + 1);
        }
        if (value.isNull()) {
            return violationIf(!nulls, path, "must not be null");
        }
        if (value.isTextual()) {
            int bytes = utf8Length(value.textValue());
            return violationIf(
                    bytes > MAX_STRING_BYTES,
                    path,
                    "is a text of " + bytes + " bytes; at most " + MAX_STRING_BYTES + " are allowed");
        }
        return violationIf(
                value.isIntegralNumber() && outOfRange(value),
                path,
                "is an integer outside " + MIN_INTEGER + " to " + MAX_INTEGER);
    }

    private static Optional<Violation> checkArray(String path, JsonNode array, int depth) {
        for (int i = 0; i < array.size(); i++) {
            Optional<Violation> violation = checkValue(path + "[" + i + "]", array.get(i), depth, false);
            if (violation.isPresent()) {
                return violation;
            }
        }
        return Optional.empty();
    }

    private static boolean outOfRange(JsonNode number) {
        BigDecimal value = number.decimalValue();
        return value.compareTo(BigDecimal.valueOf(MIN_INTEGER)) < 0
                || value.compareTo(BigDecimal.valueOf(MAX_INTEGER)) > 0;
    }

    private static boolean isMetadata(String key) {
        return key.equals("$metadata") || key.equals("$version");
    }

    private static Optional<Violation> violationIf(boolean broken, String path, String rule) {
        return broken ? Optional.of(new Violation(path, rule)) : Optional.empty();
    }

    private static int countedBytes(String text) {
        int controls = (int) text.chars().filter(Character::isISOControl).count();
        int highControls = (int) text.chars().filter(c -> c >= 0x80 && c < 0xa0).count();
        return utf8Length(text) - controls - highControls; // those from U+0080 on take two bytes
    }

    private static int utf8Length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static String printable(String key) {
        StringBuilder out = new StringBuilder();
        key.chars().limit(64).forEach(c -> out.append(Character.isISOControl(c) ? '?' : (char) c));
        return key.length() > 64 ? out.append('…').toString() : out.toString();
    }
}
