package io.hubwire.it;

import io.hubwire.auth.SasToken;
import io.hubwire.dps.Tpm;
import io.hubwire.protocol.tpm.SoftTpm;
import java.time.Duration;
import java.time.Instant;

/** A chip in software, as the client knows chips. */
final class ClientTpm extends SoftTpm implements Tpm {
    ClientTpm(String name) {
        super(name);
    }

    /** A token for the hub, signed inside. */
    String token(String audience, Instant now) {
        return SasToken.sign(audience, this::sign, now.plus(Duration.ofHours(1)), null)
                .text();
    }
}
