package io.hubwire.protocol.tpm;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A chip in software that opens the local hub's envelopes, written from their description: docs/provisioning.md, "TPM".
 * Open to subclasses, so that one can be a chip of the client's kind: {@code class Chip extends SoftTpm implements Tpm}.
 */
public class SoftTpm {
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final byte[] endorsementKey;
    private final byte[] storageRootKey;
    private SecretKeySpec key;
    private int activations;

    /** Of these public areas. */
    public SoftTpm(byte[] endorsementKey, byte[] storageRootKey) {
        this.endorsementKey = endorsementKey.clone();
        this.storageRootKey = storageRootKey.clone();
    }

    /** Two chips of one name are the same chip. */
    public SoftTpm(String name) {
        this(
                ("EK of " + name).getBytes(StandardCharsets.US_ASCII),
                ("SRK of " + name).getBytes(StandardCharsets.US_ASCII));
    }

    public byte[] endorsementKey() {
        return endorsementKey.clone();
    }

    public byte[] storageRootKey() {
        return storageRootKey.clone();
    }

    /** Takes the key out of an {@code authenticationKey}, decoded. */
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
                    new GCMParameterSpec(TAG_BITS, Arrays.copyOf(envelope, NONCE_BYTES)));
            key = new SecretKeySpec(cipher.doFinal(envelope, NONCE_BYTES, envelope.length - NONCE_BYTES), "HmacSHA256");
            activations++;
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("the envelope is not for this chip", e);
        }
    }

    /** HMAC-SHA256 under the key activated last. */
    public synchronized byte[] sign(byte[] data) {
        if (key == null) {
            throw new IllegalStateException("nothing was activated");
        }
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return mac.doFinal(data);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HMAC-SHA256", e);
        }
    }

    /** How many keys it has taken. */
    public synchronized int activations() {
        return activations;
    }
}
