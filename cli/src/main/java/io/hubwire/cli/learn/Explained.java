package io.hubwire.cli.learn;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.json.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value taken apart.
 *
 * @param kind what it is, for example {@code telemetry topic}
 * @param parts in the order they stand in the value; secrets are masked
 * @param error where and by which rule it is broken; null when it is sound
 */
record Explained(String kind, List<Part> parts, @Nullable String error) {
    /**
     * A piece and its meaning.
     *
     * @param text as written, or masked
     * @param meaning one phrase
     */
    record Part(String text, String meaning) {}

    Explained {
        parts = List.copyOf(parts);
    }

    static Explained sound(String kind, List<Part> parts) {
        return new Explained(kind, parts, null);
    }

    /** {@code {"kind","parts":[{"text","meaning"}],"error"}}; error is null when the value is sound. */
    ObjectNode json() {
        ObjectNode document = Json.object().put("kind", kind);
        ArrayNode list = document.putArray("parts");
        parts.forEach(part -> list.addObject().put("text", part.text()).put("meaning", part.meaning()));
        return document.put("error", error);
    }
}
