package io.hubwire.localhub.https;

import static io.hubwire.localhub.engine.AccessControl.Right.SERVICE_CONNECT;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.Twins;
import java.util.List;

/** Twins of devices and modules, as the back end sees them. Source: service-rest 5. */
final class DeviceTwins implements Resource {
    private static final String DEVICE = "/twins/{deviceId}";
    private static final String MODULE = DEVICE + "/modules/{moduleId}";

    private final Twins twins;
    private final ServiceApi api;

    DeviceTwins(Twins twins, ServiceApi api) {
        this.twins = twins;
        this.api = api;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                api.route("GET", DEVICE, SERVICE_CONNECT, this::get),
                api.route("PATCH", DEVICE, SERVICE_CONNECT, this::patch),
                api.route("PUT", DEVICE, SERVICE_CONNECT, this::replace),
                api.route("GET", MODULE, SERVICE_CONNECT, this::get),
                api.route("PATCH", MODULE, SERVICE_CONNECT, this::patch),
                api.route("PUT", MODULE, SERVICE_CONNECT, this::replace));
    }

    private HttpAnswer get(HttpCall call) {
        return twin(twins.get(call.identity()));
    }

    private HttpAnswer patch(HttpCall call) {
        return twin(twins.patch(call.identity(), call.jsonObject(), call.ifMatch()));
    }

    private HttpAnswer replace(HttpCall call) {
        return twin(twins.replace(call.identity(), call.jsonObject(), call.ifMatch()));
    }

    private static HttpAnswer twin(ObjectNode twin) {
        return HttpAnswer.json(200, twin).withETag(twin.path("etag").asText());
    }
}
