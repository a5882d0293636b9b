package io.hubwire.protocol;

/**
 * The character rule that device and module ids share: 1 to 128 ASCII letters, digits and
 * {@code - : . + % _ # * ? ! ( ) , = @ ; $ '}, case-sensitive. Source: Event Grid reference, {@code
 * IotHubDeviceCreatedEventData} (the identity registry article omits {@code :} and {@code ;}).
 */
final class Identifiers {
    static final int MAX_LENGTH = 128;
    private static final String PUNCTUATION = "-:.+%_#*?!(),=@;$'";

    private Identifiers() {}

    static String check(String kind, String value) {
        if (value.isEmpty()) {
            throw new InvalidInputException(kind + " is empty; it must have 1 to " + MAX_LENGTH + " characters");
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            boolean ok = c < 0x80 && (Character.isLetterOrDigit(c) || PUNCTUATION.indexOf(c) >= 0);
            if (!ok) {
                throw new InvalidInputException(kind + " [" + printable(value) + "] has " + describe(c)
                        + " at position " + (i + 1) + "; allowed are ASCII letters, digits and " + PUNCTUATION);
            }
        }
        if (value.length() > MAX_LENGTH) {
            throw new InvalidInputException(kind + " [" + value.substring(0, 32) + "…] has " + value.length()
                    + " characters; the limit is " + MAX_LENGTH);
        }
        return value;
    }

    private static String describe(char c) {
        return c > 0x20 && c < 0x7f ? "'" + c + "'" : String.format("U+%04X", (int) c);
    }

    private static String printable(String value) {
        StringBuilder out = new StringBuilder();
        value.chars().limit(MAX_LENGTH).forEach(c -> out.append(Character.isISOControl(c) ? '?' : (char) c));
        return out.toString();
    }
}
