package io.hubwire.auth;

import io.hubwire.protocol.InvalidInputException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * A shared access key: of a device, a module, a policy or an enrollment. Immutable and safe for any thread. Shows itself
 * only through {@link #base64()}. Source: sas-auth 4, "Keys".
 */
public final class SymmetricKey {
    /** Shortest key the services take, in bytes. */
    public static final int MIN_BYTES = 16;
    /** Longest key the services take, in bytes; DPS makes keys of this length. */
    public static final int MAX_BYTES = 64;

    private static final int GENERATED_BYTES = 32;
    private final byte[] bytes;

    private SymmetricKey(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Reads a key as portals and connection strings show it. Strict: a damaged key is refused here and now, where lenient
     * decoders would sign with it happily and leave the complaint to the service.
     *
     * @param text standard base64 with padding, of 16 to 64 bytes
     * @throws InvalidInputException naming position and rule, never the text
     */
    public static SymmetricKey ofBase64(String text) {
        return new SymmetricKey(decode(text));
    }

    /**
     * A key from its bytes.
     *
     * @param bytes 16 to 64 of them; copied
     * @throws InvalidInputException when there are fewer or more
     */
    public static SymmetricKey ofBytes(byte[] bytes) {
        return new SymmetricKey(checkLength(bytes.clone()));
    }

    /** A new key of 32 random bytes, as IoT Hub makes them. */
    public static SymmetricKey generate(SecureRandom random) {
        byte[] bytes = new byte[GENERATED_BYTES];
        random.nextBytes(bytes);
        return new SymmetricKey(bytes);
    }

    /** HMAC-SHA256 of {@code message} under this key: 32 bytes. */
    public byte[] hmacSha256(byte[] message) {
        HMac hmac = new HMac(new SHA256Digest());
        hmac.init(new KeyParameter(bytes));
        hmac.update(message, 0, message.length);
        byte[] mac = new byte[hmac.getMacSize()];
        hmac.doFinal(mac, 0);
        return mac;
    }

    /**
     * The key as Event Hubs signs with it: the bytes of its base64 text, not what the text stands for. Tokens for a hub's
     * built-in endpoint ({@code sb://…}) are signed so, and tokens for the hub itself are not. Only for signing: its {@link
     * #base64()} is of no use. Source: "Generate SAS token" of the Event Hubs REST API; {@code core-amqp}.
     */
    public SymmetricKey forEventHubs() {
        return new SymmetricKey(base64().getBytes(StandardCharsets.US_ASCII));
    }

    byte[] hmacSha256(String message) {
        return hmacSha256(message.getBytes(StandardCharsets.UTF_8));
    }

    /** The key itself, as standard base64 with padding. The one way out: for configuration files and connection strings. */
    public String base64() {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /** Compares in constant time. */
    @Override
    public boolean equals(Object other) {
        return other instanceof SymmetricKey that && MessageDigest.isEqual(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** {@code SymmetricKey[…]}. */
    @Override
    public String toString() {
        return "SymmetricKey[…]";
    }

    private static byte[] decode(String text) {
        if (text.isEmpty()) {
            throw new InvalidInputException(
                    "key is empty; it must be base64 of " + MIN_BYTES + " to " + MAX_BYTES + " bytes");
        }
        int end = text.length();
        while (end > 0 && end > text.length() - 2 && text.charAt(end - 1) == '=') {
            end--;
        }
        for (int i = 0; i < end; i++) {
            if (!isBase64(text.charAt(i))) {
                throw new InvalidInputException("key is not base64: the character at position " + (i + 1) + " of "
                        + text.length() + " is none of A-Z a-z 0-9 + /");
            }
        }
        if (text.length() % 4 != 0) {
            throw new InvalidInputException("key is not base64: it has " + text.length()
                    + " characters, and that is no multiple of 4; was its end cut off?");
        }
        return checkLength(Base64.getDecoder().decode(text));
    }

    private static boolean isBase64(char c) {
        return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '+' || c == '/';
    }

    private static byte[] checkLength(byte[] bytes) {
        if (bytes.length < MIN_BYTES || bytes.length > MAX_BYTES) {
            throw new InvalidInputException(
                    "key has " + bytes.length + " bytes; the services take " + MIN_BYTES + " to " + MAX_BYTES);
        }
        return bytes;
    }
}
