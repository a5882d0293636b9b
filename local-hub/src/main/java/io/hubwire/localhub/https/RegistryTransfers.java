package io.hubwire.localhub.https;

import static io.hubwire.localhub.engine.AccessControl.Right.REGISTRY_READ;
import static io.hubwire.localhub.engine.AccessControl.Right.REGISTRY_WRITE;

import io.hubwire.localhub.engine.HubException;
import io.hubwire.localhub.engine.transfers.Containers;
import io.hubwire.localhub.engine.transfers.Transfers;
import io.hubwire.localhub.https.Route.Limits;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.json.Json;
import java.util.List;

/**
 * Imports and exports of the registry, and the container that they read and write: an extension of this hub, opened by the
 * service API's own tokens. Source: service-rest 9.
 */
final class RegistryTransfers implements Resource {
    private static final String JOB = "/jobs/{jobId}";
    private static final String BLOB = "/" + Containers.NAME + "/{blob...}";

    private final Transfers transfers;
    private final Containers containers;
    private final ServiceApi api;

    RegistryTransfers(Transfers transfers, Containers containers, ServiceApi api) {
        this.transfers = transfers;
        this.containers = containers;
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
                api.route("DELETE", JOB, REGISTRY_WRITE, this::cancel),
                api.route("PUT", BLOB, Limits.BLOB, REGISTRY_WRITE, Operation.of(this::putBlob)),
                // keys are in it: whoever may only read the registry would see them there as well
                api.route("GET", BLOB, REGISTRY_READ, this::getBlob));
    }

    private HttpAnswer cancel(HttpCall call) {
        transfers.cancel(call.parameter("jobId"));
        return HttpAnswer.empty(204);
    }

    private HttpAnswer putBlob(HttpCall call) {
        containers.write(blob(call), call.body());
        return HttpAnswer.empty(201);
    }

    private HttpAnswer getBlob(HttpCall call) {
        byte[] content = containers
                .read(blob(call))
                .orElseThrow(() -> new HubException(HubError.GENERIC_NOT_FOUND, "no blob [" + blob(call) + "]"));
        return HttpAnswer.bytes(200, "text/plain; charset=utf-8", content);
    }

    private static String blob(HttpCall call) {
        return Containers.NAME + "/" + call.parameter("blob");
    }
}
