package io.hubwire.service;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.https.HttpsRequest;
import io.hubwire.protocol.DeviceId;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.json.Json;
import java.util.Map;

/** The calls of {@link Configurations} as requests, without token and api-version. Pure. Source: service-rest 10. */
final class ConfigurationRequests {
    private static final int MOST_LISTED = 100;

    private ConfigurationRequests() {}

    static HttpsRequest.Builder create(Configuration configuration) {
        return HttpsRequest.put("configurations", configuration.id()).json(configuration.json());
    }

    static HttpsRequest.Builder update(Configuration configuration, IfMatch condition) {
        return condition.on(create(configuration));
    }

    static HttpsRequest.Builder get(String id) {
        return HttpsRequest.get("configurations", id);
    }

    static HttpsRequest.Builder list(int top) {
        if (top < 1 || top > MOST_LISTED) {
            throw new InvalidInputException("top [" + top + "] must be 1 to " + MOST_LISTED);
        }
        return HttpsRequest.get("configurations").query("top", Integer.toString(top));
    }

    static HttpsRequest.Builder delete(String id, IfMatch condition) {
        return condition.on(HttpsRequest.delete("configurations", id));
    }

    static HttpsRequest.Builder testQueries(String targetCondition, Map<String, String> metricQueries) {
        ObjectNode body = Json.object().put("targetCondition", targetCondition);
        ObjectNode queries = body.putObject("customMetricQueries");
        metricQueries.forEach(queries::put);
        return HttpsRequest.post("configurations", "testQueries")
                .json(Json.write(body))
                .repeatable();
    }

    static HttpsRequest.Builder applyOnDevice(DeviceId device, String contentJson) {
        return HttpsRequest.post("devices", device.value(), "applyConfigurationContent")
                .json(Json.write(Fields.givenObject("configuration content", contentJson)));
    }
}
