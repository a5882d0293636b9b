package io.hubwire.localhub.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.json.Json;
import java.util.Optional;

/**
 * What a back end asks of a twin: {@code {"tags":{…},"properties":{"desired":{…}}}}. {@code properties.reported} is not
 * its to write and is ignored (open-questions 35), as are {@code $metadata} and {@code $version}, which SDKs send back
 * with what they read.
 *
 * @param tags empty when the member is absent or null: a null section resets nothing
 * @param desired likewise
 */
record TwinUpdate(Optional<ObjectNode> tags, Optional<ObjectNode> desired) {
    /**
     * Reads a request body.
     *
     * @throws HubException 400004 when a section is not an object
     */
    static TwinUpdate read(JsonNode body) {
        JsonNode properties = body.path("properties");
        if (!properties.isMissingNode() && !properties.isNull() && !properties.isObject()) {
            throw invalid("properties must be an object");
        }
        Optional<ObjectNode> desired = section("properties.desired", properties.path("desired"));
        desired.ifPresent(node -> {
            node.remove(TwinSection.METADATA);
            node.remove(TwinSection.VERSION);
        });
        return new TwinUpdate(section("tags", body.path("tags")), desired);
    }

    boolean isEmpty() {
        return tags.isEmpty() && desired.isEmpty();
    }

    /** For a replacement, which empties what it leaves out: open-questions 34. */
    ObjectNode tagsOrEmpty() {
        return tags.orElseGet(Json::object);
    }

    /** As {@link #tagsOrEmpty}. */
    ObjectNode desiredOrEmpty() {
        return desired.orElseGet(Json::object);
    }

    private static Optional<ObjectNode> section(String name, JsonNode node) {
        if (node.isMissingNode() || node.isNull()) {
            return Optional.empty();
        }
        if (!node.isObject()) {
            throw invalid(name + " must be an object");
        }
        return Optional.of(node.deepCopy());
    }

    private static HubException invalid(String detail) {
        return new HubException(HubError.ARGUMENT_INVALID, detail);
    }
}
