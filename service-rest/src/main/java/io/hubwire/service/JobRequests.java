package io.hubwire.service;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.https.HttpsRequest;
import io.hubwire.protocol.json.Json;
import java.util.Optional;

/** The calls of {@link Jobs} as requests, without token and api-version. Pure. Source: service-rest 8 and 9. */
final class JobRequests {
    private JobRequests() {}

    static HttpsRequest.Builder twinUpdate(JobSpec spec, TwinUpdate update) {
        ObjectNode body = spec.body("scheduleUpdateTwin");
        // the service takes no other tag here, and refuses none at all
        ObjectNode twin = body.putObject("updateTwin").put("etag", "*");
        twin.setAll((ObjectNode) Json.parse("twin update", update.patchBody()));
        return create(spec, body);
    }

    static HttpsRequest.Builder method(JobSpec spec, MethodCall call) {
        ObjectNode body = spec.body("scheduleDeviceMethod");
        body.set("cloudToDeviceMethod", call.body());
        return create(spec, body);
    }

    static HttpsRequest.Builder get(String jobId) {
        return HttpsRequest.get("jobs", "v2", jobId);
    }

    static HttpsRequest.Builder cancel(String jobId) {
        return HttpsRequest.post("jobs", "v2", jobId, "cancel").repeatable();
    }

    static HttpsRequest.Builder list(Optional<String> type, Optional<JobStatus> status, PageRequest which) {
        HttpsRequest.Builder request = HttpsRequest.get("jobs", "v2", "query");
        type.ifPresent(t -> request.query("jobType", t));
        status.ifPresent(s -> request.query("jobStatus", s.wireName()));
        return which.on(request);
    }

    static HttpsRequest.Builder transfer(RegistryTransfer transfer) {
        return HttpsRequest.post("jobs", "create").json(Json.write(transfer.body()));
    }

    static HttpsRequest.Builder getTransfer(String jobId) {
        return HttpsRequest.get("jobs", jobId);
    }

    static HttpsRequest.Builder listTransfers() {
        return HttpsRequest.get("jobs");
    }

    static HttpsRequest.Builder cancelTransfer(String jobId) {
        return HttpsRequest.delete("jobs", jobId);
    }

    private static HttpsRequest.Builder create(JobSpec spec, ObjectNode body) {
        return HttpsRequest.put("jobs", "v2", spec.jobId()).json(Json.write(body));
    }
}
