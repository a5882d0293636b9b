package io.hubwire.it;

import io.hubwire.auth.SasToken;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.dps.Tpm;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** A chip in software that opens the envelopes of the local hub: see docs/provisioning.md, "TPM". */
final class SoftTpm implements Tpm {
    private static final int NONCE_BYTES = 12;

    private final byte[] endorsementKey;
    private final byte[] storageRootKey;
    private SymmetricKey key;
    private int activations;

    SoftTpm(String name) {
        endorsementKey = ("EK of " + name).getBytes(StandardCharsets.US_ASCII);
        storageRootKey = ("SRK of " + name).getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public byte[] endorsementKey() {
        return endorsementKey.clone();
    }

    @Override
    public byte[] storageRootKey() {
        return storageRootKey.clone();
    }

    @Override
    public synchronized void activate(byte[] envelope) {
        try {
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            hash.update("hubwire soft TPM".getBytes(StandardCharsets.US_ASCII));
            hash.update(endorsementKey);
            hash.update(storageRootKey);
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    new SecretKeySpec(hash.digest(), "AES"),
                    new GCMParameterSpec(128, Arrays.copyOf(envelope, NONCE_BYTES)));
            key = SymmetricKey.ofBytes(cipher.doFinal(envelope, NONCE_BYTES, envelope.length - NONCE_BYTES));
            activations++;
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the envelope is not for this chip", e);
        }
    }

    @Override
    public synchronized byte[] sign(byte[] data) {
        return key.hmacSha256(data);
    }

    synchronized int activations() {
        return activations;
    }

    /** A token for the hub, signed inside. */
    String token(String audience, Instant now) {
        return SasToken.sign(audience, this::sign, now.plus(Duration.ofHours(1)), null)
                .text();
    }
}
