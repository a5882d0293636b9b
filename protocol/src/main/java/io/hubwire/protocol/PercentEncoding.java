package io.hubwire.protocol;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Percent-encoding of UTF-8 text as IoT Hub uses it in topics, user names, token scopes and paths: everything but the
 * unreserved characters of RFC 3986 is encoded, in upper-case hex, and {@code +} never stands for a space. Source:
 * mqtt-device 2.4, row "our client".
 */
public final class PercentEncoding {
    private static final String UNRESERVED_PUNCTUATION = "-._~";
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private PercentEncoding() {}

    /**
     * Encodes all but {@code A-Z a-z 0-9 - . _ ~}.
     *
     * @throws InvalidInputException for half of a surrogate pair, which has no UTF-8 form
     */
    public static String encode(String text) {
        return encode(text, "");
    }

    /**
     * Encodes all but the unreserved characters and those in {@code alsoBare}.
     *
     * @param alsoBare ASCII characters to leave as they are
     * @throws InvalidInputException for half of a surrogate pair, which has no UTF-8 form
     */
    public static String encode(String text, String alsoBare) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            if (isUnreserved(c) || alsoBare.indexOf(c) >= 0) {
                out.append((char) c);
            } else if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
                throw new InvalidInputException("text has " + String.format("U+%04X", c) + " at position " + (i + 1)
                        + ", half of a surrogate pair; it cannot be written in UTF-8");
            } else {
                for (byte b : Character.toString(c).getBytes(StandardCharsets.UTF_8)) {
                    out.append('%').append(HEX.toHexDigits(b));
                }
            }
            i += Character.charCount(c);
        }
        return out.toString();
    }

    /**
     * Decodes leniently, as the hub does: an escape that is not two hex digits, or that does not add up to UTF-8, stays
     * as it is written; {@code +} stays {@code +}. Never fails.
     */
    public static String decode(String text) {
        int next = text.indexOf('%');
        if (next < 0) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        int from = 0;
        while (next >= 0) {
            out.append(text, from, next);
            int end = next;
            while (isEscape(text, end)) {
                end += 3;
            }
            if (end == next) {
                out.append('%');
                end++;
            } else {
                decodeRun(text, next, end, out);
            }
            from = end;
            next = text.indexOf('%', from);
        }
        return out.append(text, from, text.length()).toString();
    }

    /** Decodes adjoining escapes together, since one character may take four of them. */
    private static void decodeRun(String text, int from, int to, StringBuilder out) {
        ByteBuffer bytes = ByteBuffer.allocate((to - from) / 3);
        for (int i = from; i < to; i += 3) {
            bytes.put((byte) HexFormat.fromHexDigits(text, i + 1, i + 3));
        }
        bytes.flip();
        CharBuffer chars = CharBuffer.allocate(bytes.remaining());
        CharsetDecoder utf8 = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        while (true) {
            CoderResult result = utf8.decode(bytes, chars, true);
            out.append(chars.flip());
            chars.clear();
            if (!result.isError()) {
                return;
            }
            int at = from + 3 * bytes.position();
            out.append(text, at, at + 3 * result.length());
            bytes.position(bytes.position() + result.length());
        }
    }

    private static boolean isEscape(String text, int at) {
        return at + 2 < text.length()
                && text.charAt(at) == '%'
                && HexFormat.isHexDigit(text.charAt(at + 1))
                && HexFormat.isHexDigit(text.charAt(at + 2));
    }

    private static boolean isUnreserved(int c) {
        return c < 0x80 && (Character.isLetterOrDigit(c) || UNRESERVED_PUNCTUATION.indexOf(c) >= 0);
    }
}
