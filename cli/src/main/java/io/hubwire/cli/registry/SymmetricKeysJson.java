package io.hubwire.cli.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.dps.AttestationMechanism;
import io.hubwire.protocol.json.Json;

/** Keys of an enrollment as its member {@code attestation}. Source: dps 6.1. */
public final class SymmetricKeysJson {
    private SymmetricKeysJson() {}

    /** {@code {"type":"symmetricKey","symmetricKey":{"primaryKey","secondaryKey"}}}; a key that is not told is null. */
    public static ObjectNode of(AttestationMechanism.SymmetricKeys keys) {
        SymmetricKey primary = keys.primary();
        SymmetricKey secondary = keys.secondary();
        ObjectNode attestation = Json.object().put("type", "symmetricKey");
        attestation
                .putObject("symmetricKey")
                .put("primaryKey", primary == null ? null : primary.base64())
                .put("secondaryKey", secondary == null ? null : secondary.base64());
        return attestation;
    }
}
