package io.hubwire.protocol;

/**
 * The words of every complaint about text from the wire: what it was, an excerpt in brackets, the position (counted
 * from 1) and the rule. Public only for the codecs in the packages below.
 */
public final class Malformed {
    private static final int EXCERPT = 200;

    private Malformed() {}

    /**
     * A complaint about one position.
     *
     * @param what what was read, for example {@code twin topic}
     * @param text the whole of it; shown up to 200 characters, without control characters
     * @param index where it went wrong, from 0
     * @param rule what should have been there
     */
    public static RemoteProtocolException at(String what, String text, int index, String rule) {
        String found = index < text.length() ? "has " + describe(text.charAt(index)) + " at" : "ends at";
        return new RemoteProtocolException(
                what + " [" + excerpt(text) + "] " + found + " position " + (index + 1) + ": " + rule);
    }

    /** A complaint about the whole text. */
    public static RemoteProtocolException whole(String what, String text, String rule) {
        return new RemoteProtocolException(what + " [" + excerpt(text) + "]: " + rule);
    }

    /** A complaint about the whole text, with the rule of a value in it that could not be made. */
    public static RemoteProtocolException because(String what, String text, InvalidInputException cause) {
        return new RemoteProtocolException(what + " [" + excerpt(text) + "]: " + cause.getMessage(), cause);
    }

    private static String describe(char c) {
        return c > 0x20 && c < 0x7f ? "'" + c + "'" : String.format("U+%04X", (int) c);
    }

    private static String excerpt(String original) {
        String text = Secrets.mask(original);
        StringBuilder out = new StringBuilder();
        text.chars().limit(EXCERPT).forEach(c -> out.append(Character.isISOControl(c) ? '?' : (char) c));
        return text.length() > EXCERPT ? out.append('…').toString() : out.toString();
    }
}
