package io.hubwire.localhub.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.auth.SasToken;
import io.hubwire.localhub.engine.AccessControl.Credentials;
import io.hubwire.protocol.json.Json;
import io.hubwire.protocol.tpm.SoftTpm;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** What a device with a chip says to the engine; keys and envelopes in base64, as on the wire. */
final class TpmDevice {
    private final SoftTpm chip;

    private TpmDevice(SoftTpm chip) {
        this.chip = chip;
    }

    static TpmDevice named(String name) {
        return new TpmDevice(new SoftTpm(name));
    }

    static TpmDevice of(String endorsementKey, String storageRootKey) {
        return new TpmDevice(new SoftTpm(
                Base64.getDecoder().decode(endorsementKey), Base64.getDecoder().decode(storageRootKey)));
    }

    String endorsementKey() {
        return Base64.getEncoder().encodeToString(chip.endorsementKey());
    }

    /** The body of both requests to register. */
    ObjectNode body(String registrationId) {
        ObjectNode body = Json.object().put("registrationId", registrationId);
        body.putObject("tpm")
                .put("endorsementKey", endorsementKey())
                .put("storageRootKey", Base64.getEncoder().encodeToString(chip.storageRootKey()));
        return body;
    }

    /** Takes the key out of an {@code authenticationKey}. */
    void activate(String authenticationKey) {
        chip.activate(Base64.getDecoder().decode(authenticationKey));
    }

    Credentials.Sas token(String audience, @Nullable String policy, Instant expiry) {
        return new Credentials.Sas(
                SasToken.sign(audience, chip::sign, expiry, policy).text());
    }
}
