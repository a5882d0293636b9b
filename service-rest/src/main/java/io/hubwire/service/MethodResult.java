package io.hubwire.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.json.Json;

/**
 * What the device answered to a direct method. Both parts are the device's own: a status of 500 means that its handler
 * said so. Source: service-rest 6.
 *
 * @param status any 32-bit number the device sets, by habit like HTTP's; 0 when it set none
 * @param payload JSON text; {@code null} without quotes for none
 */
public record MethodResult(int status, String payload) implements MethodOutcome {
    static MethodResult read(ObjectNode answer) {
        JsonNode payload = answer.path("payload");
        return new MethodResult(
                Fields.smallNumber(answer, "status"), payload.isMissingNode() ? "null" : Json.write(payload));
    }

    /** The payload as a tree. */
    public JsonNode tree() {
        return Json.parse("method payload", payload);
    }

    /** Whether the device's status is 200 to 299. */
    public boolean isSuccess() {
        return status >= 200 && status < 300;
    }
}
