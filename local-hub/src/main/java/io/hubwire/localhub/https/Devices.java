package io.hubwire.localhub.https;

import static io.hubwire.localhub.engine.AccessControl.Right.REGISTRY_READ;
import static io.hubwire.localhub.engine.AccessControl.Right.REGISTRY_WRITE;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.ETagMatch;
import io.hubwire.localhub.engine.HubException;
import io.hubwire.localhub.engine.Registry;
import io.hubwire.localhub.https.Route.Limits;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.json.Json;
import java.util.List;

/** Device and module identities. Sources: service-rest 2, 3 and 4. */
final class Devices implements Resource {
    private static final String DEVICE = "/devices/{deviceId}";
    private static final String MODULES = DEVICE + "/modules";
    private static final String MODULE = MODULES + "/{moduleId}";

    private static final String KEYS_SINCE = "2024-03-31";

    private final Registry registry;
    private final ServiceApi api;

    Devices(Registry registry, ServiceApi api) {
        this.registry = registry;
        this.api = api;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                api.route("GET", "/devices", REGISTRY_READ, this::list),
                api.route("POST", "/devices", Limits.BULK, REGISTRY_WRITE, Operation.of(this::bulk)),
                api.route("POST", "/devices/keys/regenerate", REGISTRY_WRITE, this::regenerateKeys),
                api.route("GET", DEVICE, REGISTRY_READ, this::get),
                api.route("PUT", DEVICE, REGISTRY_WRITE, this::put),
                api.route("DELETE", DEVICE, REGISTRY_WRITE, this::delete),
                api.route("GET", MODULES, REGISTRY_READ, this::modules),
                api.route("GET", MODULE, REGISTRY_READ, this::get),
                api.route("PUT", MODULE, REGISTRY_WRITE, this::put),
                api.route("DELETE", MODULE, REGISTRY_WRITE, this::delete),
                api.route(
                        "GET",
                        "/statistics/devices",
                        REGISTRY_READ,
                        call -> HttpAnswer.json(200, registry.deviceStatistics())),
                api.route(
                        "GET",
                        "/statistics/service",
                        REGISTRY_READ,
                        call -> HttpAnswer.json(200, registry.serviceStatistics())));
    }

    private HttpAnswer list(HttpCall call) {
        return array(registry.list(top(call.target().parameter("top").orElse(""))));
    }

    /** Out of range means the largest page, and so does what is no number. */
    private static int top(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException noNumber) {
            return 0;
        }
    }

    private HttpAnswer modules(HttpCall call) {
        return array(registry.modules(call.identity().device()));
    }

    private HttpAnswer get(HttpCall call) {
        return entity(200, registry.get(call.identity()));
    }

    /** Without {@code If-Match} it creates, with it it updates. A created module is a 201, a created device a 200. */
    private HttpAnswer put(HttpCall call) {
        Identity identity = call.identity();
        ObjectNode body = call.jsonObject();
        if (call.ifMatch() instanceof ETagMatch.Absent) {
            return entity(identity.isModule() ? 201 : 200, registry.create(identity, body));
        }
        return entity(200, registry.update(identity, body, call.ifMatch()));
    }

    private HttpAnswer delete(HttpCall call) {
        registry.delete(call.identity(), call.ifMatch());
        return HttpAnswer.empty(204);
    }

    /** One failed item makes the whole answer a 400, with the same body. */
    private HttpAnswer bulk(HttpCall call) {
        ObjectNode result = registry.bulk(call.jsonArray());
        return HttpAnswer.json(result.path("isSuccessful").asBoolean() ? 200 : 400, result);
    }

    /** All done is a 200, some a 207, none a 400, with the same body. */
    private HttpAnswer regenerateKeys(HttpCall call) {
        String version = call.target().parameter(ApiVersion.PARAMETER).orElse("");
        if (!ApiVersion.isKnown(version, KEYS_SINCE)) {
            throw new HubException(
                    HubError.INVALID_PROTOCOL_VERSION,
                    "keys are regenerated since api-version " + KEYS_SINCE + "; this is [" + version + "]");
        }
        ObjectNode result = registry.regenerateKeys(call.jsonObject());
        boolean none = result.path("rotatedKeys").isEmpty();
        int incomplete = none ? 400 : 207;
        return HttpAnswer.json(result.path("errors").isEmpty() ? 200 : incomplete, result);
    }

    private static HttpAnswer entity(int status, ObjectNode entity) {
        return HttpAnswer.json(status, entity).withETag(entity.path("etag").asText());
    }

    private static HttpAnswer array(List<ObjectNode> items) {
        return HttpAnswer.json(200, Json.array().addAll(items));
    }
}
