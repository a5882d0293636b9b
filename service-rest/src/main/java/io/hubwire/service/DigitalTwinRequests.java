package io.hubwire.service;

import com.fasterxml.jackson.databind.JsonNode;
import io.hubwire.https.HttpsRequest;
import io.hubwire.protocol.DeviceId;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The calls of {@link DigitalTwins} as requests, without token and api-version. Pure. Source: service-rest 11. */
final class DigitalTwinRequests {
    private DigitalTwinRequests() {}

    static HttpsRequest.Builder get(DeviceId device) {
        return HttpsRequest.get("digitaltwins", device.value());
    }

    static HttpsRequest.Builder patch(DeviceId device, String jsonPatch, IfMatch condition) {
        JsonNode operations = Fields.given("JSON patch", jsonPatch);
        if (!operations.isArray()) {
            throw new InvalidInputException("JSON patch is of kind [" + operations.getNodeType()
                    + "]; it must be an array of operations (RFC 6902)");
        }
        return HttpsRequest.patch("digitaltwins", device.value())
                .json(Json.write(operations))
                .header("If-Match", condition.header());
    }

    static HttpsRequest.Builder command(DeviceId device, Optional<String> component, MethodCall call) {
        List<String> path = new ArrayList<>(List.of("digitaltwins", device.value()));
        component.ifPresent(name -> path.addAll(List.of("components", name)));
        path.addAll(List.of("commands", call.name()));
        return HttpsRequest.post(path.toArray(String[]::new))
                .query(
                        "connectTimeoutInSeconds",
                        Long.toString(call.connectTimeout().toSeconds()))
                .query(
                        "responseTimeoutInSeconds",
                        Long.toString(call.responseTimeout().toSeconds()))
                .timeout(MethodRequests.deadline(call))
                .json(call.payload());
    }
}
