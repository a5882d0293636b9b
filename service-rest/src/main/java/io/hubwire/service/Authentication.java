package io.hubwire.service;

import io.hubwire.auth.SymmetricKey;
import io.hubwire.protocol.InvalidInputException;
import org.jspecify.annotations.Nullable;

/**
 * How an identity proves who it is; keys never show in {@code toString}. Source: service-rest 2.2, table of {@code
 * authentication.type}.
 */
public sealed interface Authentication {
    /**
     * By tokens signed with one of two keys.
     *
     * @param primary null, with {@code secondary}, to let the hub make both; what it does with one alone is not known
     * @param secondary null as said
     */
    record Sas(@Nullable SymmetricKey primary, @Nullable SymmetricKey secondary) implements Authentication {}

    /**
     * By a certificate whose thumbprint the hub knows.
     *
     * @param primary SHA-1 or SHA-256 in hex: 40 or 64 digits
     * @param secondary the next one during a roll-over, or null
     */
    record SelfSigned(String primary, @Nullable String secondary) implements Authentication {
        /** @throws InvalidInputException when a thumbprint is not 40 or 64 hex digits */
        public SelfSigned {
            checkThumbprint(primary);
            if (secondary != null) {
                checkThumbprint(secondary);
            }
        }
    }

    /** By a certificate signed by a CA the hub knows, with the device id as its common name. */
    record CertificateAuthority() implements Authentication {}

    /** The hub holds nothing to check against. */
    record None() implements Authentication {}

    /**
     * A way this version does not know.
     *
     * @param type as the hub calls it
     */
    record Unknown(String type) implements Authentication {}

    /** Two keys, made by the hub. */
    static Authentication generatedKeys() {
        return new Sas(null, null);
    }

    /**
     * Two given keys.
     *
     * @param primary base64 of 16 to 64 bytes
     * @param secondary likewise
     * @throws InvalidInputException when one breaks the rule; the text holds the position and not the key
     */
    static Authentication keys(String primary, String secondary) {
        return new Sas(SymmetricKey.ofBase64(primary), SymmetricKey.ofBase64(secondary));
    }

    /** One thumbprint. @throws InvalidInputException when it is not 40 or 64 hex digits */
    static Authentication thumbprint(String primary) {
        return new SelfSigned(primary, null);
    }

    /** A CA's certificate. */
    static Authentication certificateAuthority() {
        return new CertificateAuthority();
    }

    private static void checkThumbprint(String thumbprint) {
        if (!thumbprint.matches("[0-9A-Fa-f]{40}|[0-9A-Fa-f]{64}")) {
            throw new InvalidInputException("thumbprint [" + thumbprint + "] has " + thumbprint.length()
                    + " characters; it must be 40 (SHA-1) or 64 (SHA-256) hex digits without separators");
        }
    }
}
