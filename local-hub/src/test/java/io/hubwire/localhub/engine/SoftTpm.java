package io.hubwire.localhub.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.auth.SasToken;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.localhub.engine.AccessControl.Credentials;
import io.hubwire.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** A chip in software that opens the envelopes of {@link TpmEnvelope}, written from their description. */
final class SoftTpm {
    private final byte[] endorsementKey;
    private final byte[] storageRootKey;
    private @Nullable SymmetricKey key;

    SoftTpm(String endorsementKey, String storageRootKey) {
        this.endorsementKey = Base64.getDecoder().decode(endorsementKey);
        this.storageRootKey = Base64.getDecoder().decode(storageRootKey);
    }

    static SoftTpm named(String name) {
        Base64.Encoder base64 = Base64.getEncoder();
        return new SoftTpm(
                base64.encodeToString(("EK of " + name).getBytes(StandardCharsets.US_ASCII)),
                base64.encodeToString(("SRK of " + name).getBytes(StandardCharsets.US_ASCII)));
    }

    String endorsementKey() {
        return Base64.getEncoder().encodeToString(endorsementKey);
    }

    /** The body of both requests to register. */
    ObjectNode body(String registrationId) {
        ObjectNode body = Json.object().put("registrationId", registrationId);
        body.putObject("tpm")
                .put("endorsementKey", endorsementKey())
                .put("storageRootKey", Base64.getEncoder().encodeToString(storageRootKey));
        return body;
    }

    /** Takes the key out of an {@code authenticationKey}. */
    void activate(String base64) {
        try {
            open(Base64.getDecoder().decode(base64));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the envelope is not for this chip", e);
        }
    }

    private void open(byte[] envelope) throws GeneralSecurityException {
        MessageDigest hash = MessageDigest.getInstance("SHA-256");
        hash.update("hubwire soft TPM".getBytes(StandardCharsets.US_ASCII));
        hash.update(endorsementKey);
        hash.update(storageRootKey);
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(
                Cipher.DECRYPT_MODE,
                new SecretKeySpec(hash.digest(), "AES"),
                new GCMParameterSpec(128, Arrays.copyOf(envelope, 12)));
        key = SymmetricKey.ofBytes(cipher.doFinal(envelope, 12, envelope.length - 12));
    }

    Credentials.Sas token(String audience, @Nullable String policy, Instant expiry) {
        if (key == null) {
            throw new IllegalStateException("nothing was activated");
        }
        return new Credentials.Sas(SasToken.sign(audience, key, expiry, policy).text());
    }
}
