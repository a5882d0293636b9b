package io.hubwire.localhub.https;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.hubwire.protocol.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** An official OpenAPI description, to hold answers and requests against. */
final class OpenApi {
    /** "Never" is {@code 0001-01-01T00:00:00} on the real service, which is no date-time of RFC 3339. */
    private static final SchemaValidatorsConfig NO_FORMATS =
            SchemaValidatorsConfig.builder().formatAssertionsEnabled(false).build();

    private final JsonNode document;

    private OpenApi(JsonNode document) {
        this.document = document;
    }

    static OpenApi load(String name) throws IOException {
        try (InputStream in = OpenApi.class.getResourceAsStream("/reference/" + name)) {
            return new OpenApi(Json.parse(name, Objects.requireNonNull(in, name).readAllBytes()));
        }
    }

    /** What is wrong with an answer; empty when it is as described, or when nothing is described. */
    List<String> complaintsAboutAnswer(String method, String path, int status, JsonNode body) {
        return operation(method, path)
                .map(operation -> operation
                        .path("responses")
                        .path(Integer.toString(status))
                        .path("schema"))
                .filter(JsonNode::isObject)
                .map(schema -> validate(schema, body))
                .orElse(List.of());
    }

    boolean describes(String method, String path, int status) {
        return operation(method, path)
                .map(operation -> operation.path("responses").has(Integer.toString(status)))
                .orElse(false);
    }

    private Optional<JsonNode> operation(String method, String path) {
        List<String> segments = RequestTarget.parse(path, null).segments();
        return document.path("paths").properties().stream()
                .filter(p -> new PathTemplate(p.getKey()).match(segments).isPresent())
                .sorted(java.util.Comparator.comparing(p -> new PathTemplate(p.getKey())))
                .map(Map.Entry::getValue)
                .map(p -> p.path(method.toLowerCase(java.util.Locale.ROOT)))
                .filter(JsonNode::isObject)
                .findFirst();
    }

    private List<String> validate(JsonNode schema, JsonNode body) {
        ObjectNode root = Json.object();
        root.put("$schema", "http://json-schema.org/draft-04/schema#");
        root.set("definitions", document.path("definitions").deepCopy());
        root.putArray("allOf").add(schema.deepCopy());
        return JsonSchemaFactory.getInstance(VersionFlag.V4)
                .getSchema(anyMeansAny(root), NO_FORMATS)
                .validate(withoutNulls(body))
                .stream()
                .map(message -> message.getInstanceLocation() + " " + message.getMessage())
                .toList();
    }

    /** "Additional properties are objects" is how the generator of these files wrote "any value". */
    private static JsonNode anyMeansAny(ObjectNode schema) {
        ObjectNode any = Json.object().put("type", "object");
        schema.findParents("additionalProperties").stream()
                .filter(parent -> parent.get("additionalProperties").equals(any))
                .forEach(parent -> ((ObjectNode) parent).putObject("additionalProperties"));
        return schema;
    }

    /** OpenAPI 2 has no word for "or null", and the real service sends null for what it has not. */
    private static JsonNode withoutNulls(JsonNode node) {
        if (node instanceof ObjectNode object) {
            ObjectNode copy = Json.object();
            object.properties().stream()
                    .filter(p -> !p.getValue().isNull())
                    .forEach(p -> copy.set(p.getKey(), withoutNulls(p.getValue())));
            return copy;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode copy = Json.array();
            array.forEach(element -> copy.add(withoutNulls(element)));
            return copy;
        }
        return node;
    }
}
