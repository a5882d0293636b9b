package io.hubwire.auth;

import io.hubwire.protocol.InvalidInputException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;

/**
 * The service's side of {@link SasToken}: is this token good for that resource, now? Pure. Checks in this order: form,
 * audience, signature, time; so expiry is told only to whoever holds the key.
 */
public final class SasVerifier {
    /** How the check ended. */
    public enum Outcome {
        /** Well formed, for this resource, signed by one of the keys, not expired. */
        OK,
        /** Not a token, or a field is missing, repeated or unreadable. */
        MALFORMED,
        /** The token is for something else. */
        WRONG_AUDIENCE,
        /** No key given made the signature. */
        BAD_SIGNATURE,
        /** Signed well, but its time and the tolerance are over. */
        EXPIRED
    }

    /**
     * The answer.
     *
     * @param detail one clause for people, in lower case, without secrets: which rule, or how long expired
     * @param audience the reading of {@code sr} that fits the rule; empty unless one does
     */
    public record Verdict(Outcome outcome, String detail, Optional<Audience> audience) {
        /** Whether the outcome is {@link Outcome#OK}. */
        public boolean isOk() {
            return outcome == Outcome.OK;
        }
    }

    private final Duration clockSkew;

    /**
     * @param clockSkew how long after {@code se} a token still is good; the services allow 300 s. Zero or more
     * @throws IllegalArgumentException when negative
     */
    public SasVerifier(Duration clockSkew) {
        if (clockSkew.isNegative()) {
            throw new IllegalArgumentException("clock skew [" + clockSkew + "] is negative");
        }
        this.clockSkew = clockSkew;
    }

    /**
     * Checks a token.
     *
     * @param token the whole text
     * @param keys all that may have signed it, usually a primary and a secondary; each is tried, so that timing does not
     *     tell which one fitted
     */
    public Verdict verify(String token, AudienceRule rule, Collection<SymmetricKey> keys, Instant now) {
        SasToken read;
        try {
            read = SasToken.parse(token);
        } catch (InvalidInputException malformed) {
            return new Verdict(Outcome.MALFORMED, String.valueOf(malformed.getMessage()), Optional.empty());
        }
        return verify(read, rule, keys, now);
    }

    /** Checks a token that was read before, to learn which policy's keys to look up. */
    public Verdict verify(SasToken token, AudienceRule rule, Collection<SymmetricKey> keys, Instant now) {
        Optional<Audience> audience = Audience.readings(token.rawAudience()).stream()
                .filter(rule::accepts)
                .findFirst();
        if (audience.isEmpty()) {
            return new Verdict(
                    Outcome.WRONG_AUDIENCE,
                    "token is for [" + token.audience() + "]; wanted is " + rule.wanted(),
                    audience);
        }
        if (!isSignedByAny(token, keys)) {
            return new Verdict(Outcome.BAD_SIGNATURE, "signature does not fit the key", audience);
        }
        if (token.expiry().plus(clockSkew).isBefore(now)) {
            long late = Duration.between(token.expiry(), now).toSeconds();
            return new Verdict(
                    Outcome.EXPIRED,
                    "token expired at " + token.expiry() + ", " + late + " s ago; tolerated are "
                            + clockSkew.toSeconds() + " s",
                    audience);
        }
        return new Verdict(Outcome.OK, "good until " + token.expiry(), audience);
    }

    private static boolean isSignedByAny(SasToken token, Collection<SymmetricKey> keys) {
        boolean signed = false;
        for (SymmetricKey key : keys) {
            signed |= token.isSignedBy(key);
        }
        return signed;
    }
}
