package io.hubwire.service;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.https.HttpsRequest;
import io.hubwire.protocol.DeviceId;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.json.Json;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The calls of {@link Registry} as requests, without token and api-version. Pure. Source: service-rest 2.3 and 3. */
final class RegistryRequests {
    /** The service itself takes anything above for this. */
    static final int MOST_LISTED = 1_000;

    /** Identities in one bulk call. */
    static final int MOST_IN_BULK = 100;

    private RegistryRequests() {}

    static HttpsRequest.Builder create(Device device) {
        return HttpsRequest.put("devices", device.id().value()).json(device.json());
    }

    static HttpsRequest.Builder update(Device device, IfMatch condition) {
        return condition.on(create(device));
    }

    static HttpsRequest.Builder get(DeviceId device) {
        return HttpsRequest.get("devices", device.value());
    }

    static HttpsRequest.Builder delete(DeviceId device, IfMatch condition) {
        return condition.on(HttpsRequest.delete("devices", device.value()));
    }

    static HttpsRequest.Builder list(int top) {
        if (top < 1 || top > MOST_LISTED) {
            throw new InvalidInputException("top [" + top + "] must be 1 to " + MOST_LISTED);
        }
        return HttpsRequest.get("devices").query("top", Integer.toString(top));
    }

    static HttpsRequest.Builder createModule(Module module) {
        return HttpsRequest.put(path(module.identity())).json(module.json());
    }

    static HttpsRequest.Builder updateModule(Module module, IfMatch condition) {
        return condition.on(createModule(module));
    }

    static HttpsRequest.Builder getModule(Identity module) {
        return HttpsRequest.get(path(module));
    }

    static HttpsRequest.Builder deleteModule(Identity module, IfMatch condition) {
        return condition.on(HttpsRequest.delete(path(module)));
    }

    static HttpsRequest.Builder listModules(DeviceId device) {
        return HttpsRequest.get("devices", device.value(), "modules");
    }

    static HttpsRequest.Builder bulk(List<BulkEntry> entries) {
        if (entries.isEmpty() || entries.size() > MOST_IN_BULK) {
            throw new InvalidInputException("bulk change of [" + entries.size() + "] entries; it must have 1 to "
                    + MOST_IN_BULK + ", split it");
        }
        Set<Identity> seen = new HashSet<>();
        ArrayNode body = Json.array();
        for (BulkEntry entry : entries) {
            if (!seen.add(entry.identity())) {
                throw new InvalidInputException("bulk change names [" + entry.identity() + "] twice; once is allowed");
            }
            body.add(entry.tree());
        }
        return HttpsRequest.post("devices").json(Json.write(body));
    }

    static HttpsRequest.Builder regenerateKeys(KeyChoice which, List<Identity> identities) {
        if (identities.isEmpty() || identities.size() > MOST_IN_BULK) {
            throw new InvalidInputException("regeneration of keys for [" + identities.size()
                    + "] identities; it must be 1 to " + MOST_IN_BULK + ", split it");
        }
        ObjectNode body = Json.object().put("policyKey", which.wireName());
        ArrayNode items = body.putArray("devices");
        for (Identity identity : identities) {
            ObjectNode item = items.addObject().put("id", identity.deviceId());
            identity.moduleId().ifPresent(module -> item.put("moduleId", module));
        }
        return HttpsRequest.post("devices", "keys", "regenerate").json(Json.write(body));
    }

    private static String[] path(Identity module) {
        String moduleId = module.moduleId()
                .orElseThrow(() -> new InvalidInputException("[" + module + "] is a device; this call is for modules"));
        return new String[] {"devices", module.deviceId(), "modules", moduleId};
    }
}
