package io.hubwire.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.https.HttpsResponse;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Reads the bodies of answers. */
final class Answers {
    private Answers() {}

    static ObjectNode object(String what, HttpsResponse response) {
        return Json.parseObject(what, response.body());
    }

    /**
     * An entity with its tag: the {@code ETag} header counts more than the body's member, as it does for the official
     * SDKs. Source: service-rest 1.5.
     */
    static ObjectNode entity(String what, HttpsResponse response) {
        ObjectNode entity = object(what, response);
        response.etag().ifPresent(tag -> entity.put("etag", tag));
        return entity;
    }

    static <T> List<T> list(String what, HttpsResponse response, Function<ObjectNode, T> item) {
        List<T> out = new ArrayList<>();
        for (JsonNode element : array(what, Json.parse(what, response.body()))) {
            if (!(element instanceof ObjectNode object)) {
                throw new RemoteProtocolException(what + " holds " + element.getNodeType() + " at index [" + out.size()
                        + "]; each element must be an object");
            }
            out.add(item.apply(object));
        }
        return List.copyOf(out);
    }

    static JsonNode array(String what, JsonNode body) {
        if (!body.isArray()) {
            throw new RemoteProtocolException(what + " is of kind [" + body.getNodeType() + "]; it must be an array");
        }
        return body;
    }
}
