package io.hubwire.localhub.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A device or module as the registry keeps it: everything but what changes while it talks.
 *
 * @param enabled always true for a module, whose device decides
 * @param statusUpdated when {@code enabled} last changed; null for never
 * @param deviceScope of an edge device its own, of a leaf its parent's; null for neither
 * @param parentScopes of an edge device the upper one's, of a leaf its parent's
 * @param managedBy modules only
 */
record StoredIdentity(
        Identity identity,
        String generationId,
        String etag,
        Authentication authentication,
        boolean enabled,
        @Nullable String statusReason,
        @Nullable Instant statusUpdated,
        boolean edge,
        @Nullable String deviceScope,
        List<String> parentScopes,
        @Nullable String managedBy) {
    StoredIdentity {
        parentScopes = List.copyOf(parentScopes);
    }

    /** {@code enabled} or {@code disabled}. */
    String status() {
        return enabled ? "enabled" : "disabled";
    }

    /** The document the store keeps. */
    ObjectNode toDocument() {
        ObjectNode json = Json.object();
        json.put("generationId", generationId);
        json.put("etag", etag);
        json.set("authentication", authentication.toJson());
        json.put("enabled", enabled);
        json.put("statusReason", statusReason);
        json.put("statusUpdated", statusUpdated == null ? null : statusUpdated.toString());
        json.put("edge", edge);
        json.put("deviceScope", deviceScope);
        parentScopes.forEach(json.putArray("parentScopes")::add);
        json.put("managedBy", managedBy);
        return json;
    }

    static StoredIdentity ofDocument(Identity identity, JsonNode json) {
        List<String> parents = new ArrayList<>();
        json.path("parentScopes").forEach(scope -> parents.add(scope.asText()));
        String statusUpdated = text(json, "statusUpdated");
        return new StoredIdentity(
                identity,
                json.path("generationId").asText(),
                json.path("etag").asText(),
                authentication(json.path("authentication")),
                json.path("enabled").asBoolean(),
                text(json, "statusReason"),
                statusUpdated == null ? null : Instant.parse(statusUpdated),
                json.path("edge").asBoolean(),
                text(json, "deviceScope"),
                parents,
                text(json, "managedBy"));
    }

    /** The identity in the JSON of the service API (service-rest 2.2 and 3), with what is known of it live. */
    ObjectNode toJson(Presence presence, int queuedMessages) {
        ObjectNode json = Json.object();
        identity.moduleId().ifPresent(module -> json.put("moduleId", module).put("managedBy", managedBy));
        json.put("deviceId", identity.deviceId());
        json.put("generationId", generationId);
        json.put("etag", etag);
        json.put("connectionState", presence.connectionState());
        if (!identity.isModule()) {
            json.put("status", status());
            json.put("statusReason", statusReason);
        }
        json.put("connectionStateUpdatedTime", Times.orNever(presence.connectionStateUpdated()));
        if (!identity.isModule()) {
            json.put("statusUpdatedTime", Times.orNever(statusUpdated));
        }
        json.put("lastActivityTime", Times.orNever(presence.lastActivity()));
        json.put("cloudToDeviceMessageCount", queuedMessages);
        json.set("authentication", authentication.toJson());
        if (!identity.isModule()) {
            json.putObject("capabilities").put("iotEdge", edge);
            if (deviceScope != null) {
                json.put("deviceScope", deviceScope);
                parentScopes.forEach(json.putArray("parentScopes")::add);
            }
        }
        return json;
    }

    private static Authentication authentication(JsonNode json) {
        JsonNode keys = json.path("symmetricKey");
        JsonNode thumbprints = json.path("x509Thumbprint");
        return new Authentication(
                Authentication.Type.parse(json.path("type").asText()),
                key(text(keys, "primaryKey")),
                key(text(keys, "secondaryKey")),
                text(thumbprints, "primaryThumbprint"),
                text(thumbprints, "secondaryThumbprint"));
    }

    private static @Nullable SymmetricKey key(@Nullable String base64) {
        return base64 == null ? null : SymmetricKey.ofBase64(base64);
    }

    private static @Nullable String text(JsonNode json, String name) {
        JsonNode value = json.path(name);
        return value.isMissingNode() || value.isNull() ? null : value.asText();
    }
}
