package io.hubwire.localhub.https;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.Hub;
import io.hubwire.localhub.https.Route.Limits;
import io.hubwire.protocol.json.Json;
import java.util.List;

/** {@code GET /health}: whether the hub answers, for scripts and containers. Needs no credential and no version. */
final class Health implements Resource, Api {
    private final Hub hub;

    Health(Hub hub) {
        this.hub = hub;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                new Route("GET", new PathTemplate("/health"), this, Limits.USUAL, Operation.of(call -> health())));
    }

    private HttpAnswer health() {
        ObjectNode body = Json.object();
        body.put("status", "ok");
        body.put("host", hub.names().primaryHost());
        body.put("connectedDevices", hub.sessions().count());
        return HttpAnswer.json(200, body);
    }

    @Override
    public void requireVersion(RequestTarget target) {
        // none: a health check is no part of any API of Azure's
    }

    @Override
    public HttpAnswer refusal(Throwable failure, Incident incident) {
        return HubErrors.PLAIN.refusal(failure, incident);
    }
}
