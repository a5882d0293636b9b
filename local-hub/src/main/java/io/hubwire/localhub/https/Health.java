package io.hubwire.localhub.https;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.Hub;
import io.hubwire.localhub.https.Route.Limits;
import io.hubwire.protocol.json.Json;
import java.util.List;

/** {@code GET /health}: whether the hub answers, for scripts and containers. */
final class Health implements Resource {
    private final Hub hub;
    private final Api api;

    Health(Hub hub, OpenToAll api) {
        this.hub = hub;
        this.api = api;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                new Route("GET", new PathTemplate("/health"), api, Limits.USUAL, Operation.of(call -> health())));
    }

    private HttpAnswer health() {
        ObjectNode body = Json.object();
        body.put("status", "ok");
        body.put("host", hub.names().primaryHost());
        body.put("connectedDevices", hub.sessions().count());
        return HttpAnswer.json(200, body);
    }
}
