package io.hubwire.localhub.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.Identity;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a back end writes of an identity, read over what it was: members that are left out stay as they were, read-only
 * ones are ignored. Refusals are 400004, of a scope 400028. Source: service-rest 2.2 and 3.
 */
final class IdentityBody {
    static final String SCOPE_PREFIX = "ms-azure-iot-edge://";
    private static final int MAX_STATUS_REASON = 128;

    private IdentityBody() {}

    /** A new identity. */
    static StoredIdentity create(Identity identity, JsonNode body, Ids ids) {
        checkIds(identity, body);
        boolean edge = !identity.isModule() && edge(body, false);
        String generation = ids.generationId();
        String scope = edge ? SCOPE_PREFIX + identity.deviceId() + "-" + generation : leafScope(identity, body, null);
        return new StoredIdentity(
                identity,
                generation,
                ids.identityEtag(""),
                Authentication.read(body.get("authentication"), null, ids::hubKey),
                identity.isModule() || enabled(body, true),
                statusReason(body, null),
                null,
                edge,
                scope,
                parentScopes(body, edge, scope, List.of()),
                managedBy(body, null));
    }

    /** An identity after a change. */
    static StoredIdentity update(StoredIdentity before, JsonNode body, Ids ids, Instant now) {
        Identity identity = before.identity();
        checkIds(identity, body);
        boolean enabled = identity.isModule() || enabled(body, before.enabled());
        boolean edge = !identity.isModule() && edge(body, before.edge());
        if (before.edge() && !edge) {
            throw invalid("capabilities.iotEdge of [" + identity + "] is true and cannot be taken back");
        }
        String scope = before.edge()
                ? before.deviceScope()
                : edge
                        ? SCOPE_PREFIX + identity.deviceId() + "-" + before.generationId()
                        : leafScope(identity, body, before.deviceScope());
        return new StoredIdentity(
                identity,
                before.generationId(),
                ids.identityEtag(before.etag()),
                Authentication.read(body.get("authentication"), before.authentication(), ids::hubKey),
                enabled,
                statusReason(body, before.statusReason()),
                enabled == before.enabled() ? before.statusUpdated() : now,
                edge,
                scope,
                parentScopes(body, edge, scope, before.parentScopes()),
                managedBy(body, before.managedBy()));
    }

    private static void checkIds(Identity identity, JsonNode body) {
        checkId("deviceId", identity.deviceId(), body);
        identity.moduleId().ifPresent(module -> checkId("moduleId", module, body));
    }

    private static void checkId(String name, String inPath, JsonNode body) {
        JsonNode given = body.path(name);
        if (!given.isMissingNode() && !given.isNull() && !given.asText().equals(inPath)) {
            throw invalid(name + " [" + given.asText() + "] of the body is not the one of the path [" + inPath + "]");
        }
    }

    private static boolean enabled(JsonNode body, boolean before) {
        JsonNode given = body.path("status");
        if (given.isMissingNode() || given.isNull()) {
            return before;
        }
        if (given.asText().equalsIgnoreCase("enabled")) {
            return true;
        }
        if (given.asText().equalsIgnoreCase("disabled")) {
            return false;
        }
        throw invalid("status [" + given.asText() + "] must be enabled or disabled");
    }

    private static boolean edge(JsonNode body, boolean before) {
        JsonNode given = body.path("capabilities").path("iotEdge");
        return given.isBoolean() ? given.booleanValue() : before;
    }

    private static @Nullable String statusReason(JsonNode body, @Nullable String before) {
        if (!body.has("statusReason")) {
            return before;
        }
        String given = body.get("statusReason").isNull()
                ? null
                : body.get("statusReason").asText();
        if (given != null && given.length() > MAX_STATUS_REASON) {
            throw invalid("statusReason has " + given.length() + " characters; the limit is " + MAX_STATUS_REASON);
        }
        return given;
    }

    private static @Nullable String managedBy(JsonNode body, @Nullable String before) {
        if (!body.has("managedBy")) {
            return before;
        }
        return body.get("managedBy").isNull() ? null : body.get("managedBy").asText();
    }

    private static @Nullable String leafScope(Identity identity, JsonNode body, @Nullable String before) {
        if (identity.isModule() || !body.has("deviceScope")) {
            return before;
        }
        String given =
                body.get("deviceScope").isNull() ? "" : body.get("deviceScope").asText();
        if (given.isEmpty()) {
            return null;
        }
        if (!given.startsWith(SCOPE_PREFIX)) {
            throw new HubException(
                    HubError.INVALID_DEVICE_SCOPE,
                    "deviceScope [" + given + "] must be that of an edge device, " + SCOPE_PREFIX + "…");
        }
        return given;
    }

    /** An edge device names its upper one; a leaf's parent is the device whose scope it is in. */
    private static List<String> parentScopes(JsonNode body, boolean edge, @Nullable String scope, List<String> before) {
        if (!edge) {
            return scope == null ? List.of() : List.of(scope);
        }
        if (!body.path("parentScopes").isArray()) {
            return before;
        }
        List<String> scopes = new ArrayList<>();
        body.path("parentScopes").forEach(given -> scopes.add(given.asText()));
        return scopes;
    }

    private static HubException invalid(String detail) {
        return new HubException(HubError.ARGUMENT_INVALID, detail);
    }
}
