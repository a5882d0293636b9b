package io.hubwire.auth;

import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.PercentEncoding;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A shared access signature, {@code SharedAccessSignature sr={audience}&sig={signature}&se={expiry}[&skn={policy}]}.
 *
 * <p>The signature is HMAC-SHA256 over the text of {@code sr} exactly as it stands in the token, a line feed, and the text
 * of {@code se}. That is why every SDK may encode {@code sr} in its own way, and why a verifier must not decode it first.
 * We write percent-encoded UTF-8 with upper-case digits and keep {@code A-Za-z0-9-._~}.
 *
 * <p>Immutable. {@link #toString()} hides the signature; {@link #text()} is the credential. Source: sas-auth 1 and 2.
 */
public final class SasToken {
    /** Latest expiry a token may carry, 9999-12-31T23:59:59Z: a later one is usually in milliseconds. */
    public static final Instant MAX_EXPIRY = Instant.ofEpochSecond(253_402_300_799L);

    private final SasTokenFields fields;
    private final String text;

    private SasToken(SasTokenFields fields, String text) {
        this.fields = fields;
        this.text = text;
    }

    /**
     * Makes a token.
     *
     * @param audience what it opens, unencoded: {@code host}, {@code host/devices/id}, {@code scope/registrations/id};
     *     see {@link Audience}
     * @param expiry when it ends, cut to whole seconds; from 1970 to {@link #MAX_EXPIRY}
     * @param policy the policy the key belongs to; null for a device's or module's own key
     * @throws IllegalArgumentException when audience or policy is empty or the expiry is out of range
     */
    public static SasToken sign(String audience, SymmetricKey key, Instant expiry, @Nullable String policy) {
        return sign(audience, key::hmacSha256, expiry, policy);
    }

    /**
     * Makes a token whose key we cannot see, because a TPM or another module holds it.
     *
     * @param signer HMAC-SHA256 of the bytes it is given, under the key it holds; 32 bytes
     * @param audience as above
     * @param expiry as above
     * @param policy as above
     * @throws IllegalArgumentException as above
     */
    public static SasToken sign(
            String audience, UnaryOperator<byte[]> signer, Instant expiry, @Nullable String policy) {
        if (audience.isEmpty()) {
            throw new IllegalArgumentException("audience is empty");
        }
        if (policy != null && policy.isEmpty()) {
            throw new IllegalArgumentException("policy is empty; leave it null for a token without skn");
        }
        if (expiry.isBefore(Instant.EPOCH) || expiry.isAfter(MAX_EXPIRY)) {
            throw new IllegalArgumentException("expiry [" + expiry + "] is not within 1970 to 9999");
        }
        String sr = PercentEncoding.encode(audience);
        String se = Long.toString(expiry.getEpochSecond());
        byte[] signature = signer.apply(SasTokenFields.stringToSign(sr, se));
        if (signature.length != SasTokenFields.SIGNATURE_BYTES) {
            throw new IllegalArgumentException(
                    "signer returned " + signature.length + " bytes, not " + SasTokenFields.SIGNATURE_BYTES);
        }
        String sig = Base64.getEncoder().encodeToString(signature);
        String text = SasTokenFields.SCHEME + " sr=" + sr + "&sig=" + PercentEncoding.encode(sig) + "&se=" + se
                + (policy == null ? "" : "&skn=" + PercentEncoding.encode(policy));
        return new SasToken(new SasTokenFields(sr, signature, se, expiry.getEpochSecond(), policy), text);
    }

    /**
     * Reads a token anybody made: fields in any order, {@code sr} in any encoding, an empty {@code skn} for none, unknown
     * fields passed over. It says nothing about the signature being right, nor about time.
     *
     * @throws InvalidInputException when the word, a required field, the base64 or the number is wrong, or a field is there
     *     twice; the text names field and rule, never the signature
     */
    public static SasToken parse(String text) {
        return new SasToken(SasTokenFields.parse(text), text);
    }

    /** The whole token, as it goes into an MQTT password, an {@code Authorization} header or a put-token body. */
    public String text() {
        return text;
    }

    /** What it opens, decoded once as HTML forms are. For decisions use {@link SasVerifier}, which knows every reading. */
    public String audience() {
        return SasTokenFields.formDecode(fields.sr());
    }

    /** {@code sr} as it stands in the token. */
    public String rawAudience() {
        return fields.sr();
    }

    /** When it ends, in whole seconds; services add a tolerance of five minutes. */
    public Instant expiry() {
        return Instant.ofEpochSecond(fields.expirySeconds());
    }

    /** The policy whose key signed it, or empty when {@code skn} is absent or empty. */
    public Optional<String> policy() {
        return Optional.ofNullable(fields.policy());
    }

    /** Whether {@code key} made the signature. Compares in constant time. */
    public boolean isSignedBy(SymmetricKey key) {
        byte[] expected = key.hmacSha256(SasTokenFields.stringToSign(fields.sr(), fields.se()));
        return MessageDigest.isEqual(expected, fields.signature());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SasToken that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    /** Audience, expiry and policy; the signature shows as {@code sig=…}. */
    @Override
    public String toString() {
        return SasTokenFields.SCHEME + " sr=" + fields.sr() + "&sig=…&se=" + fields.se()
                + policy().map(p -> "&skn=" + p).orElse("");
    }
}
