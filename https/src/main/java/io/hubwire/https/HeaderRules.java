package io.hubwire.https;

import io.hubwire.protocol.InvalidInputException;

/**
 * What a header may hold. Checked by us before OkHttp sees the value: its own refusal prints the whole value, which may
 * be a token (CVE-2023-0833). Source: RFC 9110, sections 5.1 and 5.5; narrower than the RFC in refusing obs-text.
 */
final class HeaderRules {
    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

    private HeaderRules() {}

    /** @throws InvalidInputException naming the header and the position; never the value */
    static void check(String name, String value) {
        if (name.isEmpty()) {
            throw new InvalidInputException("header name is empty");
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean ok = c < 0x80 && (Character.isLetterOrDigit(c) || TOKEN_MARKS.indexOf(c) >= 0);
            if (!ok) {
                throw new InvalidInputException("header name has " + describe(c) + " at position " + (i + 1)
                        + "; allowed are ASCII letters, digits and " + TOKEN_MARKS);
            }
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c != '\t' && (c < 0x20 || c > 0x7e)) {
                throw new InvalidInputException("value of header [" + name + "] has " + describe(c) + " at position "
                        + (i + 1) + "; HTTP headers carry printable ASCII only");
            }
        }
    }

    private static String describe(char c) {
        return String.format("U+%04X", (int) c);
    }
}
