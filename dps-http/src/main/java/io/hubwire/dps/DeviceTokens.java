package io.hubwire.dps;

import io.hubwire.auth.Audience;
import io.hubwire.auth.SasToken;
import io.hubwire.auth.TokenSource;
import io.hubwire.protocol.ErrorCode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The tokens a device shows DPS: {@code sr={scope}/registrations/{id}}, {@code skn=registration}. With a certificate there
 * are none. Source: sas-auth 2.1, dps 2.5.
 */
final class DeviceTokens {
    private static final String POLICY = "registration";

    private final @Nullable TokenSource source;
    private final Clock clock;
    /** How far the service's clock is ahead of ours; known once it has refused a token for its age. */
    private Duration ahead = Duration.ZERO;

    DeviceTokens(String idScope, Attestation attestation, Clock clock, RandomGenerator random) {
        this.clock = clock;
        String audience = Audience.of(idScope, attestation.registrationId());
        if (attestation instanceof Attestation.DeviceKey own) {
            this.source = TokenSource.ofKey(audience, own.key(), POLICY, TokenSource.LIFETIME, random);
        } else if (attestation instanceof Attestation.TpmChip chip) {
            this.source = TokenSource.ofProvider(now -> signedBy(chip.tpm(), audience, now), random);
        } else if (attestation instanceof Attestation.Certificate) {
            this.source = null;
        } else {
            throw new IllegalStateException("no way to sign for [" + attestation + "]");
        }
    }

    private static String signedBy(Tpm tpm, String audience, Instant now) {
        try {
            return SasToken.sign(audience, tpm::sign, now.plus(TokenSource.LIFETIME), POLICY)
                    .text();
        } catch (RuntimeException refused) {
            throw new DpsException(
                    ErrorCode.UNAUTHORIZED,
                    "the TPM did not sign a token for [" + audience + "]",
                    null,
                    null,
                    null,
                    refused);
        }
    }

    /**
     * A token to send now, or none with a certificate.
     *
     * @param signAnew the service's time when it refused the last one for its age; null otherwise
     */
    synchronized Optional<SasToken> token(@Nullable Instant signAnew) {
        TokenSource tokens = source;
        if (tokens == null) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        if (signAnew != null) {
            ahead = Duration.between(now, signAnew);
            tokens.invalidate();
        }
        return Optional.of(tokens.lease(now.plus(ahead)).token());
    }

    /** The key in the TPM has changed. */
    void invalidate() {
        TokenSource tokens = source;
        if (tokens != null) {
            tokens.invalidate();
        }
    }
}
