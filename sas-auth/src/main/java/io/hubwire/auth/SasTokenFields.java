package io.hubwire.auth;

import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.PercentEncoding;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a token as they stood on the wire. Source: sas-auth 2, "Token grammar".
 *
 * @param sr raw text, not decoded: it is what was signed
 * @param signature 32 bytes
 * @param se raw text of the expiry, for the same reason
 * @param expirySeconds {@code se} as a number; negative is well formed and long past
 * @param policy decoded {@code skn}, null when absent or empty
 */
record SasTokenFields(
        String sr,
        byte[] signature,
        String se,
        long expirySeconds,
        @Nullable String policy) {
    static final String SCHEME = "SharedAccessSignature";
    static final int SIGNATURE_BYTES = 32;
    private static final int MAX_SE_DIGITS = 12;
    private static final int MILLISECOND_DIGITS = 13;

    static byte[] stringToSign(String sr, String se) {
        return (sr + "\n" + se).getBytes(StandardCharsets.UTF_8);
    }

    static SasTokenFields parse(String text) {
        Map<String, String> fields = split(body(text));
        String sr = required(fields, "sr");
        String sig = required(fields, "sig");
        String se = required(fields, "se");
        String skn = formDecode(fields.getOrDefault("skn", ""));
        return new SasTokenFields(sr, signature(sig), se, seconds(se), skn.isEmpty() ? null : skn);
    }

    /** As HTML forms are decoded, a plus being a blank: what the services do to every field but the {@code sr} they sign. */
    static String formDecode(String text) {
        return PercentEncoding.decode(text.replace('+', ' '));
    }

    private static String body(String text) {
        if (!text.startsWith(SCHEME + " ")) {
            throw new InvalidInputException(
                    "token does not start with the word " + SCHEME + " (in this spelling) and one blank");
        }
        String body = text.substring(SCHEME.length() + 1);
        if (body.startsWith(" ")) {
            throw new InvalidInputException(
                    "token has more than one blank after " + SCHEME + ", at position " + (SCHEME.length() + 2));
        }
        for (int i = 0; i < body.length(); i++) {
            if (Character.isISOControl(body.charAt(i))) {
                throw new InvalidInputException(
                        "token has a control character at position " + (SCHEME.length() + 2 + i));
            }
        }
        return body;
    }

    private static Map<String, String> split(String body) {
        Map<String, String> fields = new HashMap<>();
        int number = 0;
        for (String part : body.split("&", -1)) {
            number++;
            int equals = part.indexOf('=');
            if (equals <= 0) {
                if (part.isEmpty()) {
                    continue; // an empty body, a doubled or trailing &
                }
                throw new InvalidInputException("token field number " + number + " has no name followed by =");
            }
            String name = part.substring(0, equals).toLowerCase(Locale.ROOT);
            if (fields.put(name, part.substring(equals + 1)) != null) {
                throw new InvalidInputException("token has the field [" + name + "] twice; names ignore case");
            }
        }
        return fields;
    }

    private static String required(Map<String, String> fields, String name) {
        String value = fields.getOrDefault(name, "");
        if (value.isEmpty()) {
            throw new InvalidInputException(
                    "token has no field " + name + ", or an empty one; sr, sig and se are required");
        }
        return value;
    }

    private static byte[] signature(String sig) {
        byte[] bytes;
        try {
            // a raw + turns into a blank here, and fails: the services decode the same way
            bytes = Base64.getDecoder().decode(formDecode(sig));
        } catch (IllegalArgumentException notBase64) {
            throw new InvalidInputException("token field sig is not percent-encoded base64 (a + must be written %2B)");
        }
        if (bytes.length != SIGNATURE_BYTES) {
            throw new InvalidInputException(
                    "token field sig is base64 of " + bytes.length + " bytes; an HMAC-SHA256 has " + SIGNATURE_BYTES);
        }
        return bytes;
    }

    private static long seconds(String se) {
        String digits = se.startsWith("-") ? se.substring(1) : se;
        if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw new InvalidInputException(
                    "token field se [" + shortened(se) + "] is not a whole number of seconds since 1970");
        }
        if (digits.length() > MAX_SE_DIGITS || Long.parseLong(digits) > SasToken.MAX_EXPIRY.getEpochSecond()) {
            throw new InvalidInputException("token field se [" + shortened(se) + "] lies beyond the year 9999"
                    + (digits.length() == MILLISECOND_DIGITS ? "; is it in milliseconds? Seconds are wanted" : ""));
        }
        return Long.parseLong(se);
    }

    private static String shortened(String value) {
        return value.length() <= 32 ? value : value.substring(0, 32) + "…";
    }
}
