package io.hubwire.localhub.engine;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The {@code authenticationKey} that a chip activates: the one part of TPM attestation that this hub simulates. The
 * service encrypts to the private half of the endorsement key ({@code TPM2_MakeCredential}), which no public document lays
 * out byte by byte and which a development hub without chips has no use for. Here anybody who knows the two public areas
 * can open it:
 *
 * <pre>
 * 12 bytes                nonce
 * key length + 16 bytes   AES-256-GCM of the HMAC key; AES key: SHA-256("hubwire soft TPM" ‖ EK ‖ SRK)
 * </pre>
 *
 * Everything round it is the service's: challenge, both requests, the second key in the registration state.
 */
final class TpmEnvelope {
    private static final byte[] LABEL = "hubwire soft TPM".getBytes(StandardCharsets.US_ASCII);
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private TpmEnvelope() {}

    static byte[] seal(byte[] key, byte[] endorsementKey, byte[] storageRootKey, RandomGenerator random) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            hash.update(LABEL);
            hash.update(endorsementKey);
            hash.update(storageRootKey);
            Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(
                    Cipher.ENCRYPT_MODE,
                    new SecretKeySpec(hash.digest(), "AES"),
                    new GCMParameterSpec(TAG_BITS, nonce));
            byte[] sealed = cipher.doFinal(key);
            byte[] envelope = Arrays.copyOf(nonce, NONCE_BYTES + sealed.length);
            System.arraycopy(sealed, 0, envelope, NONCE_BYTES, sealed.length);
            return envelope;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-256 and AES-GCM", e);
        }
    }
}
