package io.hubwire.protocol.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/**
 * JSON merge patch, RFC 7396: how twins change. Objects merge, anything else replaces, null removes. Source also:
 * mqtt-device 5, row "PATCH body".
 */
public final class MergePatch {
    private MergePatch() {}

    /** The target after the patch. Neither argument changes, and the result shares nothing with them. */
    public static JsonNode apply(JsonNode target, JsonNode patch) {
        return patch instanceof ObjectNode changes
                ? merge(target instanceof ObjectNode object ? object.deepCopy() : Json.object(), changes)
                : patch.deepCopy();
    }

    /** As {@link #apply(JsonNode, JsonNode)}; an object patched with an object is one again. */
    public static ObjectNode apply(ObjectNode target, ObjectNode patch) {
        return merge(target.deepCopy(), patch);
    }

    private static ObjectNode merge(ObjectNode owned, ObjectNode patch) {
        for (Map.Entry<String, JsonNode> change : patch.properties()) {
            String name = change.getKey();
            if (change.getValue().isNull()) {
                owned.remove(name);
            } else if (change.getValue() instanceof ObjectNode inner) {
                owned.set(name, merge(owned.get(name) instanceof ObjectNode here ? here : Json.object(), inner));
            } else {
                owned.set(name, change.getValue().deepCopy());
            }
        }
        return owned;
    }
}
