package io.hubwire.localhub.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.store.Documents.Document;
import io.hubwire.localhub.store.Store;
import io.hubwire.localhub.store.StoreConflict;
import io.hubwire.protocol.DpsError;
import io.hubwire.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Registration records: what DPS last decided of a device. Documents under the registration id in lower case, since DPS
 * does not tell cases apart.
 */
final class Registrations {
    private static final String KIND = "registration";

    private final Store store;
    private final Ids ids;

    Registrations(Store store, Ids ids) {
        this.store = store;
        this.ids = ids;
    }

    /**
     * Where a device is, and where it was.
     *
     * @param hub the name by which the hub is linked
     * @param earlier hubs before that, the first one first
     */
    record Home(String hub, String deviceId, List<String> earlier) {
        Home {
            earlier = List.copyOf(earlier);
        }

        /** The home of a device that is now at {@code hub}. */
        static Home after(@Nullable Home before, String hub, String deviceId) {
            if (before == null || before.hub().equals(hub)) {
                return new Home(hub, deviceId, before == null ? List.of() : before.earlier());
            }
            List<String> earlier = new ArrayList<>(before.earlier());
            earlier.remove(before.hub());
            earlier.add(before.hub());
            return new Home(hub, deviceId, earlier);
        }

        boolean hasBeenAt(String other) {
            return earlier.contains(other);
        }
    }

    /**
     * A decision, and when the device may hear of it.
     *
     * @param state the registration state in the JSON of the APIs
     * @param readyAt until then the status is {@code assigning}; {@link Instant#MAX} while a webhook is asked. A hub that
     *     stops meanwhile leaves it so, and the device registers again
     * @param enrollmentGroupId empty for an individual enrollment
     * @param home null when it was never assigned; outlives registrations that fail
     */
    record Registration(
            ObjectNode state,
            String operationId,
            Instant readyAt,
            String enrollmentGroupId,
            @Nullable Home home) {
        boolean isReady(Instant now) {
            return !readyAt.isAfter(now);
        }

        String status() {
            return state.path("status").asText();
        }
    }

    Optional<Registration> find(String registrationId) {
        return store.get(KIND, key(registrationId)).map(Registrations::registration);
    }

    List<Registration> ofGroup(String groupId) {
        return store.scan(KIND, "", null, Integer.MAX_VALUE).stream()
                .map(Registrations::registration)
                .filter(registration -> registration.enrollmentGroupId().equalsIgnoreCase(groupId))
                .toList();
    }

    /**
     * Writes it over what was there.
     *
     * @throws Provisioning.DpsRefusal 409203 when another registration of the id is faster
     */
    void put(String registrationId, Registration registration) {
        ObjectNode document = document(registration);
        try {
            store.inTransaction(documents -> {
                Optional<Document> before = documents.get(KIND, key(registrationId));
                if (before.isPresent()) {
                    documents.update(KIND, key(registrationId), before.get().version(), Json.write(document));
                } else {
                    documents.insert(KIND, key(registrationId), Json.write(document));
                }
                return true;
            });
        } catch (StoreConflict e) {
            throw DpsRefusals.refusal(
                    DpsError.REGISTRATION_CONFLICT, "Precondition failed: another registration is under way");
        }
    }

    /** Writes a decision that was waited for, unless the device has registered again or was forgotten meanwhile. */
    void decided(String registrationId, Registration registration) {
        store.inTransaction(documents -> {
            documents
                    .get(KIND, key(registrationId))
                    .filter(document -> registration(document).operationId().equals(registration.operationId()))
                    .ifPresent(document -> documents.update(
                            KIND, key(registrationId), document.version(), Json.write(document(registration))));
            return true;
        });
    }

    void delete(String registrationId, ETagMatch ifMatch) {
        Document document = store.get(KIND, key(registrationId)).orElseThrow(() -> notFound(registrationId));
        if (!ifMatch.allows(registration(document).state().path("etag").asText())) {
            throw DpsRefusals.etagMismatch(registrationId);
        }
        try {
            store.delete(KIND, key(registrationId), document.version());
        } catch (StoreConflict e) {
            throw DpsRefusals.etagMismatch(registrationId);
        }
    }

    /** For example {@code 5.316aac5bdc130deb.b1e02da8-c3a0-4ff2-a121-7ea7a6b7f550}. */
    String newOperationId() {
        return "5." + ids.hex16() + "." + ids.uuid();
    }

    /** Base64 of a quoted text, as the service's are. */
    String newEtag() {
        return Base64.getEncoder().encodeToString(("\"" + ids.uuid() + "\"").getBytes(StandardCharsets.US_ASCII));
    }

    static Provisioning.DpsRefusal notFound(String registrationId) {
        return DpsRefusals.refusal(DpsError.ENROLLMENT_NOT_FOUND, "Registration not found: " + registrationId);
    }

    private static ObjectNode document(Registration registration) {
        ObjectNode document = Json.object();
        document.set("state", registration.state());
        document.put("operationId", registration.operationId());
        document.put("readyAt", registration.readyAt().toString());
        document.put("enrollmentGroupId", registration.enrollmentGroupId());
        Home home = registration.home();
        if (home != null) {
            ObjectNode node = document.putObject("home");
            node.put("hub", home.hub()).put("deviceId", home.deviceId());
            home.earlier().forEach(node.putArray("earlier")::add);
        }
        return document;
    }

    private static Registration registration(Document document) {
        ObjectNode json = Json.parseObject("a stored registration", document.body());
        return new Registration(
                (ObjectNode) json.path("state"),
                json.path("operationId").asText(),
                Instant.parse(json.path("readyAt").asText()),
                json.path("enrollmentGroupId").asText(),
                json.has("home") ? home(json.path("home")) : null);
    }

    private static Home home(JsonNode json) {
        List<String> earlier = new ArrayList<>();
        json.path("earlier").forEach(hub -> earlier.add(hub.asText()));
        return new Home(json.path("hub").asText(), json.path("deviceId").asText(), earlier);
    }

    private static String key(String registrationId) {
        return registrationId.toLowerCase(Locale.ROOT);
    }
}
