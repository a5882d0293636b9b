package io.hubwire.auth;

import io.hubwire.protocol.InvalidInputException;
import java.util.Locale;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.util.encoders.Base32;

/**
 * A device's name towards DPS. The service does not tell cases apart, but the key derived for a group does: use lower-case
 * letters. Kept as written. Source: dps 1.
 *
 * @param value 1 to 128 ASCII letters, digits and {@code - . _ :}, the last one a letter, a digit or {@code -}
 */
public record RegistrationId(String value) {
    private static final int MAX_LENGTH = 128;

    /** @throws InvalidInputException when the rule above is broken; the text names the position */
    public RegistrationId {
        if (value.isEmpty()) {
            throw new InvalidInputException(
                    "registration id is empty; it must have 1 to " + MAX_LENGTH + " characters");
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (!isAlphanumeric(c) && "-._:".indexOf(c) < 0) {
                throw new InvalidInputException(
                        "registration id [" + printable(value) + "] has an illegal character at position " + (i + 1)
                                + "; allowed are ASCII letters, digits and - . _ :");
            }
        }
        if (value.length() > MAX_LENGTH) {
            throw new InvalidInputException("registration id [" + printable(value) + "] has " + value.length()
                    + " characters; the limit is " + MAX_LENGTH);
        }
        char last = value.charAt(value.length() - 1);
        if (!isAlphanumeric(last) && last != '-') {
            throw new InvalidInputException("registration id [" + printable(value) + "] ends with '" + last
                    + "'; the last character must be a letter, a digit or -");
        }
    }

    /**
     * The id a TPM device has unless its owner chose another: base32 of SHA-256 of the endorsement key, lower case, without
     * padding; 52 characters.
     *
     * @param endorsementKey the raw public area, not its base64
     */
    public static RegistrationId ofTpm(byte[] endorsementKey) {
        SHA256Digest sha256 = new SHA256Digest();
        sha256.update(endorsementKey, 0, endorsementKey.length);
        byte[] hash = new byte[sha256.getDigestSize()];
        sha256.doFinal(hash, 0);
        return new RegistrationId(Base32.toBase32String(hash).replace("=", "").toLowerCase(Locale.ROOT));
    }

    @Override
    public String toString() {
        return value;
    }

    private static boolean isAlphanumeric(char c) {
        return c < 0x80 && Character.isLetterOrDigit(c);
    }

    private static String printable(String value) {
        StringBuilder out = new StringBuilder();
        value.chars().limit(64).forEach(c -> out.append(Character.isISOControl(c) ? '?' : (char) c));
        return value.length() > 64 ? out.append('…').toString() : out.toString();
    }
}
