package io.hubwire.localhub.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.json.Json;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Base64;

/**
 * A twin and its counters. The etag moves with tags and desired properties, the root version with every change. Pure: a
 * change gives a new document. Source: service-rest 5, open-questions 34 to 37.
 *
 * @param etagCounter what the etag spells in eight bytes; from 1
 * @param configurations {@code {"status"}} of each configuration that is for this device, by id; no change of the twin's own
 */
record TwinDocument(
        ObjectNode tags,
        TwinSection desired,
        TwinSection reported,
        long version,
        long etagCounter,
        String modelId,
        ObjectNode configurations) {
    /** The twin of a new identity. */
    static TwinDocument fresh(Instant now) {
        return new TwinDocument(Json.object(), TwinSection.empty(now), TwinSection.empty(now), 2, 1, "", Json.object());
    }

    /** The twin of a new identity that starts with tags and desired properties. */
    static TwinDocument initial(ObjectNode tags, ObjectNode desired, Instant now) {
        return new TwinDocument(
                tags, TwinSection.of(desired, now, true), TwinSection.empty(now), 2, 1, "", Json.object());
    }

    /** For example {@code AAAAAAAAAAE=}. */
    String etag() {
        return Base64.getEncoder()
                .encodeToString(
                        ByteBuffer.allocate(Long.BYTES).putLong(etagCounter).array());
    }

    /** After a change by the back end. */
    TwinDocument withService(ObjectNode newTags, TwinSection newDesired) {
        return new TwinDocument(newTags, newDesired, reported, version + 1, etagCounter + 1, modelId, configurations);
    }

    /** After a report by the device. */
    TwinDocument withReported(TwinSection newReported) {
        return new TwinDocument(tags, desired, newReported, version + 1, etagCounter, modelId, configurations);
    }

    TwinDocument withModelId(String newModelId) {
        return new TwinDocument(tags, desired, reported, version, etagCounter, newModelId, configurations);
    }

    TwinDocument withConfigurations(ObjectNode newConfigurations) {
        return new TwinDocument(tags, desired, reported, version, etagCounter, modelId, newConfigurations);
    }

    /** The twin in the JSON of the service API, with what the registry and the session add. */
    ObjectNode toJson(StoredIdentity identity, Presence presence, int queuedMessages) {
        ObjectNode json = Json.object();
        json.put("deviceId", identity.identity().deviceId());
        identity.identity().moduleId().ifPresent(module -> json.put("moduleId", module));
        json.put("etag", etag());
        json.put("deviceEtag", identity.etag());
        json.put("status", identity.status());
        if (identity.statusReason() != null) {
            json.put("statusReason", identity.statusReason());
        }
        json.put("statusUpdateTime", Times.orNever(identity.statusUpdated()));
        json.put("connectionState", presence.connectionState());
        json.put("lastActivityTime", Times.orNever(presence.lastActivity()));
        json.put("cloudToDeviceMessageCount", queuedMessages);
        json.put("authenticationType", identity.authentication().type().wireName());
        json.set("x509Thumbprint", identity.authentication().thumbprints());
        json.put("modelId", modelId);
        json.put("version", version);
        if (!tags.isEmpty()) {
            json.set("tags", tags.deepCopy());
        }
        ObjectNode properties = json.putObject("properties");
        properties.set("desired", desired.serviceView());
        properties.set("reported", reported.serviceView());
        json.putObject("capabilities").put("iotEdge", identity.edge());
        if (!configurations.isEmpty()) {
            json.set("configurations", configurations.deepCopy());
        }
        if (identity.deviceScope() != null) {
            json.put("deviceScope", identity.deviceScope());
            identity.parentScopes().forEach(json.putArray("parentScopes")::add);
        }
        return json;
    }

    /** The document the store keeps. */
    ObjectNode toDocument() {
        ObjectNode json = Json.object();
        json.set("tags", tags);
        json.set("desired", desired.toDocument());
        json.set("reported", reported.toDocument());
        json.put("version", version);
        json.put("etag", etagCounter);
        json.put("modelId", modelId);
        if (!configurations.isEmpty()) {
            json.set("configurations", configurations);
        }
        return json;
    }

    static TwinDocument ofDocument(JsonNode json) {
        return new TwinDocument(
                (ObjectNode) json.path("tags"),
                TwinSection.ofDocument(json.path("desired")),
                TwinSection.ofDocument(json.path("reported")),
                json.path("version").asLong(),
                json.path("etag").asLong(),
                json.path("modelId").asText(),
                json.path("configurations") instanceof ObjectNode configurations ? configurations : Json.object());
    }
}
