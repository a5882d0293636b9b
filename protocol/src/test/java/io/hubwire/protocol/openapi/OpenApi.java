package io.hubwire.protocol.openapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import io.hubwire.protocol.PercentEncoding;
import io.hubwire.protocol.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** An official OpenAPI description, to hold requests and answers against. */
public final class OpenApi {
    /** "Never" is {@code 0001-01-01T00:00:00} on the real service, which is no date-time of RFC 3339. */
    private static final SchemaValidatorsConfig NO_FORMATS =
            SchemaValidatorsConfig.builder().formatAssertionsEnabled(false).build();

    private final JsonNode document;

    private OpenApi(JsonNode document) {
        this.document = document;
    }

    /** One of the descriptions in {@code reference/} on the class path. */
    public static OpenApi load(String name) throws IOException {
        try (InputStream in = OpenApi.class.getResourceAsStream("/reference/" + name)) {
            return new OpenApi(Json.parse(name, Objects.requireNonNull(in, name).readAllBytes()));
        }
    }

    /** A request as it was sent. @param target path and query @param body empty for none */
    public record Sent(String method, String target, Map<String, String> headers, byte[] body) {
        /** Names of headers disregard case, and so does this. */
        Optional<String> header(String name) {
            return headers.entrySet().stream()
                    .filter(h -> h.getKey().equalsIgnoreCase(name))
                    .map(Map.Entry::getValue)
                    .findFirst();
        }

        String path() {
            return target.split("\\?", 2)[0];
        }

        /** As the service takes it: Java's own client cannot send PATCH. */
        String realMethod() {
            return header("X-HTTP-Method-Override").orElse(method);
        }

        Map<String, String> query() {
            Map<String, String> query = new LinkedHashMap<>();
            String[] parts = target.split("\\?", 2);
            if (parts.length == 2) {
                for (String part : parts[1].split("&", -1)) {
                    String[] pair = part.split("=", 2);
                    query.put(pair[0], PercentEncoding.decode(pair.length == 2 ? pair[1] : ""));
                }
            }
            return query;
        }
    }

    /** Whether there is such an operation. */
    public boolean describes(String method, String path) {
        return operation(method, path).isPresent();
    }

    public boolean describes(String method, String path, int status) {
        return operation(method, path)
                .map(operation -> operation.path("responses").has(Integer.toString(status)))
                .orElse(false);
    }

    /** Whether there is such an operation. */
    public boolean describes(Sent sent) {
        return describes(sent.realMethod(), sent.path());
    }

    /**
     * What is wrong with a request: an operation, a parameter or a member of the body that is not described, one that is
     * required and missing, one of the wrong kind. Empty when it is as described.
     */
    public List<String> complaintsAboutRequest(Sent sent) {
        Optional<JsonNode> operation = operation(sent.realMethod(), sent.path());
        if (operation.isEmpty()) {
            return List.of(sent.realMethod() + " " + sent.path() + " is not described");
        }
        List<JsonNode> parameters = new ArrayList<>();
        operation.get().path("parameters").forEach(p -> parameters.add(resolved(p)));
        List<String> complaints = new ArrayList<>();
        sent.query().keySet().stream()
                .filter(name -> in(parameters, "query").noneMatch(p -> is(p, name)))
                .forEach(name -> complaints.add("query parameter " + name + " is not described"));
        in(parameters, "query")
                .forEach(p -> check(p, sent.query().get(p.path("name").asText()), complaints));
        for (String name : List.of("If-Match", "x-ms-continuation", "x-ms-max-item-count")) {
            if (sent.header(name).isPresent() && in(parameters, "header").noneMatch(p -> is(p, name))) {
                complaints.add("header " + name + " is not described");
            }
        }
        in(parameters, "header")
                .forEach(p -> check(p, sent.header(p.path("name").asText()).orElse(null), complaints));
        Optional<JsonNode> body = in(parameters, "body").findFirst();
        if (sent.body().length == 0) {
            body.filter(b -> b.path("required").asBoolean()).ifPresent(b -> complaints.add("the body is missing"));
        } else if (body.isEmpty()) {
            complaints.add("a body is not described");
        } else {
            complaints.addAll(validate(body.get().path("schema"), Json.parse("body", sent.body()), true));
        }
        return complaints;
    }

    private static Stream<JsonNode> in(List<JsonNode> parameters, String where) {
        return parameters.stream().filter(p -> p.path("in").asText().equals(where));
    }

    private static boolean is(JsonNode parameter, String name) {
        return parameter.path("name").asText().equalsIgnoreCase(name);
    }

    private static void check(JsonNode parameter, String value, List<String> complaints) {
        String name = parameter.path("name").asText();
        if (value == null) {
            if (parameter.path("required").asBoolean()) {
                complaints.add(name + " is missing");
            }
        } else if (parameter.path("type").asText().equals("integer") && !value.matches("-?\\d+")) {
            complaints.add(name + " [" + value + "] is no whole number");
        }
    }

    private JsonNode resolved(JsonNode parameter) {
        String reference = parameter.path("$ref").asText();
        return reference.isEmpty() ? parameter : document.at(reference.substring(1));
    }

    /** What is wrong with an answer; empty when it is as described, or when nothing is described. */
    public List<String> complaintsAboutAnswer(String method, String path, int status, JsonNode body) {
        return operation(method, path)
                .map(operation -> operation
                        .path("responses")
                        .path(Integer.toString(status))
                        .path("schema"))
                .filter(JsonNode::isObject)
                .map(schema -> validate(schema, body, false))
                .orElse(List.of());
    }

    /** As {@link #complaintsAboutAnswer(String, String, int, JsonNode)}, of the operation that was asked for. */
    public List<String> complaintsAboutAnswer(Sent sent, int status, JsonNode body) {
        return complaintsAboutAnswer(sent.realMethod(), sent.path(), status, body);
    }

    private Optional<JsonNode> operation(String method, String path) {
        String[] segments = segments(path);
        return document.path("paths").properties().stream()
                .filter(p -> matches(segments(p.getKey()), segments))
                // /jobs/v2/query before /jobs/v2/{id}
                .sorted(Comparator.comparingInt(
                        p -> p.getKey().replaceAll("[^{]", "").length()))
                .map(Map.Entry::getValue)
                .map(p -> p.path(method.toLowerCase(Locale.ROOT)))
                .filter(JsonNode::isObject)
                .findFirst();
    }

    private static String[] segments(String path) {
        return path.replaceAll("^/+|/+$", "").split("/", -1);
    }

    private static boolean matches(String[] template, String[] path) {
        if (template.length != path.length) {
            return false;
        }
        for (int i = 0; i < path.length; i++) {
            if (!template[i].startsWith("{") && !template[i].equalsIgnoreCase(path[i])) {
                return false;
            }
        }
        return true;
    }

    /** @param closed whether members that a schema does not name are wrong */
    private List<String> validate(JsonNode schema, JsonNode body, boolean closed) {
        ObjectNode root = Json.object();
        root.put("$schema", "http://json-schema.org/draft-04/schema#");
        root.set("definitions", document.path("definitions").deepCopy());
        if (closed) {
            root.path("definitions").forEach(OpenApi::close);
        }
        root.putArray("allOf").add(schema.deepCopy());
        return JsonSchemaFactory.getInstance(VersionFlag.V4)
                .getSchema(anyMeansAny(root), NO_FORMATS)
                .validate(withoutNulls(body))
                .stream()
                .map(message -> message.getInstanceLocation() + " " + message.getMessage())
                .toList();
    }

    private static void close(JsonNode definition) {
        if (definition.has("properties") && !definition.has("additionalProperties")) {
            ((ObjectNode) definition).put("additionalProperties", false);
        }
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
