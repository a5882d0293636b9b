package io.hubwire.localhub.https;

import static io.hubwire.localhub.engine.AccessControl.Right.REGISTRY_READ;
import static io.hubwire.localhub.engine.AccessControl.Right.REGISTRY_WRITE;

import io.hubwire.localhub.engine.transfers.Transfers;
import io.hubwire.protocol.json.Json;
import java.util.List;

/**
 * Imports and exports of the registry. What they read and write is a blob container, which no token of the service API
 * opens: device keys are in it. Source: service-rest 9.
 */
final class RegistryTransfers implements Resource {
    private static final String JOB = "/jobs/{jobId}";

    private final Transfers transfers;
    private final ServiceApi api;

    RegistryTransfers(Transfers transfers, ServiceApi api) {
        this.transfers = transfers;
        this.api = api;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                api.route(
                        "POST",
                        "/jobs/create",
                        REGISTRY_WRITE,
                        call -> HttpAnswer.json(200, transfers.create(call.jsonObject()))),
                api.route(
                        "GET",
                        "/jobs",
                        REGISTRY_READ,
                        call -> HttpAnswer.json(200, Json.array().addAll(transfers.list()))),
                api.route(
                        "GET",
                        JOB,
                        REGISTRY_READ,
                        call -> HttpAnswer.json(200, transfers.get(call.parameter("jobId")))),
                api.route("DELETE", JOB, REGISTRY_WRITE, this::cancel));
    }

    private HttpAnswer cancel(HttpCall call) {
        transfers.cancel(call.parameter("jobId"));
        return HttpAnswer.empty(204);
    }
}
