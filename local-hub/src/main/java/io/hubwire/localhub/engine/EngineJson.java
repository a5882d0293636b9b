package io.hubwire.localhub.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;

/** Between JSON text and trees, for documents of our own, which are never malformed. */
final class EngineJson {
    private static final ObjectMapper MAPPER = JsonMapper.builder().build();

    private EngineJson() {}

    /** @throws IllegalStateException when a document of ours is damaged */
    static JsonNode read(String text) {
        try {
            return MAPPER.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a stored document is damaged: " + e.getOriginalMessage(), e);
        }
    }

    /** As {@link #read}, of an object. */
    static ObjectNode readObject(String text) {
        return (ObjectNode) read(text);
    }

    static String write(JsonNode tree) {
        return tree.toString();
    }

    static byte[] bytes(JsonNode tree) {
        return tree.toString().getBytes(StandardCharsets.UTF_8);
    }
}
