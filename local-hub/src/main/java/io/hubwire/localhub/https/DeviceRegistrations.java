package io.hubwire.localhub.https;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.Provisioning;
import java.util.List;

/** What became of registrations, for the back end of DPS. Source: dps 6. */
final class DeviceRegistrations implements Resource {
    private final Provisioning provisioning;
    private final DpsService service;

    DeviceRegistrations(Provisioning provisioning, DpsService service) {
        this.provisioning = provisioning;
        this.service = service;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                service.route("GET", "/registrations/{id}", this::get),
                service.route("DELETE", "/registrations/{id}", this::delete),
                service.route("POST", "/registrations/{groupId}/query", this::query));
    }

    private HttpAnswer get(HttpCall call) {
        ObjectNode state = provisioning.getRegistration(call.parameter("id"));
        return HttpAnswer.json(200, state);
    }

    private HttpAnswer delete(HttpCall call) {
        provisioning.deleteRegistration(call.parameter("id"), call.ifMatch());
        return HttpAnswer.empty(204);
    }

    private HttpAnswer query(HttpCall call) {
        return Page.of(provisioning.listRegistrations(call.parameter("groupId")), "registrationId", call)
                .answer("deviceRegistration");
    }
}
