package io.hubwire.localhub.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.localhub.store.Documents.Document;
import io.hubwire.localhub.store.Store;
import io.hubwire.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Keys that DPS has made for the chips of devices: one that signs tokens for DPS, new with each challenge, and one that
 * will sign for the hub, the same for as long as the enrollment exists. Source: dps 2.7.
 */
final class TpmKeys {
    private static final String KIND = "tpmKeys";
    private static final int KEY_BYTES = 32;

    private final Store store;
    private final Ids ids;
    private final RandomGenerator random;

    TpmKeys(Store store, Ids ids, RandomGenerator random) {
        this.store = store;
        this.ids = ids;
        this.random = random;
    }

    /** The public areas of a chip, base64. */
    record Chip(String endorsementKey, String storageRootKey) {}

    /** The keys of one chip, and for which its envelopes are made. */
    record Keys(SymmetricKey forDps, SymmetricKey forHub, Chip chip) {
        /** The hub wants two keys of a device; the second follows from the first, and nobody signs with it. */
        Authentication authentication() {
            byte[] second = forHub.hmacSha256("secondary".getBytes(StandardCharsets.US_ASCII));
            return Authentication.sas(forHub, SymmetricKey.ofBytes(second));
        }
    }

    /** A new key for DPS, in an envelope for the chip, base64. */
    String challenge(String registrationId, Chip chip) {
        SymmetricKey forDps = ids.key(KEY_BYTES);
        store.inTransaction(documents -> {
            Optional<Document> before = documents.get(KIND, key(registrationId));
            SymmetricKey forHub = before.map(TpmKeys::keys).map(Keys::forHub).orElseGet(() -> ids.key(KEY_BYTES));
            String body = Json.write(document(new Keys(forDps, forHub, chip)));
            if (before.isPresent()) {
                documents.update(KIND, key(registrationId), before.get().version(), body);
            } else {
                documents.insert(KIND, key(registrationId), body);
            }
            return true;
        });
        return seal(forDps, chip);
    }

    Optional<Keys> find(String registrationId) {
        return store.get(KIND, key(registrationId)).map(TpmKeys::keys);
    }

    /** The key for the hub, in an envelope for the chip, base64. */
    String sealedForHub(Keys keys) {
        return seal(keys.forHub(), keys.chip());
    }

    void forget(String registrationId) {
        store.inTransaction(documents -> {
            documents
                    .get(KIND, key(registrationId))
                    .ifPresent(document -> documents.delete(KIND, key(registrationId), document.version()));
            return true;
        });
    }

    private String seal(SymmetricKey key, Chip chip) {
        return Base64.getEncoder()
                .encodeToString(TpmEnvelope.seal(
                        Base64.getDecoder().decode(key.base64()),
                        Base64.getDecoder().decode(chip.endorsementKey()),
                        Base64.getDecoder().decode(chip.storageRootKey()),
                        random));
    }

    private static ObjectNode document(Keys keys) {
        return Json.object()
                .put("forDps", keys.forDps().base64())
                .put("forHub", keys.forHub().base64())
                .put("endorsementKey", keys.chip().endorsementKey())
                .put("storageRootKey", keys.chip().storageRootKey());
    }

    private static Keys keys(Document document) {
        ObjectNode json = Json.parseObject("stored keys of a TPM", document.body());
        return new Keys(
                SymmetricKey.ofBase64(json.path("forDps").asText()),
                SymmetricKey.ofBase64(json.path("forHub").asText()),
                new Chip(
                        json.path("endorsementKey").asText(),
                        json.path("storageRootKey").asText()));
    }

    private static String key(String registrationId) {
        return registrationId.toLowerCase(Locale.ROOT);
    }
}
