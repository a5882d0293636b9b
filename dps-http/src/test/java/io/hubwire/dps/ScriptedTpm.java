package io.hubwire.dps;

import io.hubwire.auth.SymmetricKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A chip whose keys a test scripts: told in advance which encrypted key hides which key. Remembers what it was given. */
final class ScriptedTpm implements Tpm {
    private final byte[] endorsementKey;
    private final byte[] storageRootKey;
    private final Map<String, SymmetricKey> hidden;
    private final List<String> activations = new ArrayList<>();
    private @Nullable SymmetricKey key;

    ScriptedTpm(Map<String, SymmetricKey> hidden) {
        this(
                "a public endorsement key".getBytes(StandardCharsets.US_ASCII),
                "a public storage root key".getBytes(StandardCharsets.US_ASCII),
                hidden);
    }

    ScriptedTpm(byte[] endorsementKey, byte[] storageRootKey, Map<String, SymmetricKey> hidden) {
        this.endorsementKey = endorsementKey.clone();
        this.storageRootKey = storageRootKey.clone();
        this.hidden = Map.copyOf(hidden);
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
    public synchronized void activate(byte[] encryptedKey) {
        String blob = Base64.getEncoder().encodeToString(encryptedKey);
        activations.add(blob);
        key = hidden.get(blob);
        if (key == null) {
            throw new IllegalArgumentException("TPM_RC_INTEGRITY");
        }
    }

    @Override
    public synchronized byte[] sign(byte[] data) {
        SymmetricKey current = key;
        if (current == null) {
            throw new IllegalStateException("TPM_RC_HANDLE");
        }
        return current.hmacSha256(data);
    }

    /** What it was asked to take, base64, in order. */
    synchronized List<String> activations() {
        return List.copyOf(activations);
    }
}
