package io.hubwire.localhub.engine.configurations;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.HubException;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.json.Json;
import io.hubwire.protocol.json.TwinRules;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a configuration wants of one twin: {@code {"properties.desired.chiller":{"temp":20}}}. The value of each member is
 * what the twin shall have at that path, no more and no less; {@code properties.desired} alone is the whole section. Pure.
 */
final class Content {
    private static final String PREFIX = "properties.desired";

    private Content() {}

    /**
     * Refuses what can never be applied.
     *
     * @param where for the complaint
     * @throws HubException 400402
     */
    static void check(String where, JsonNode content) {
        if (!(content instanceof ObjectNode object)) {
            throw invalid(where + " must be an object");
        }
        for (Map.Entry<String, JsonNode> member : object.properties()) {
            if (!isPath(member.getKey())) {
                throw invalid(where + " has [" + member.getKey() + "]; each of its names must be " + PREFIX + " or "
                        + PREFIX + ".{path}");
            }
            if (member.getKey().equals(PREFIX) && !member.getValue().isObject()) {
                throw invalid(where + "." + PREFIX + " must be an object");
            }
        }
        TwinRules.checkDocument(TwinRules.Section.DESIRED, applied(object, Json.object()))
                .ifPresent(violation -> {
                    throw invalid(where + ": " + violation);
                });
    }

    /** Whether the content replaces the whole section, as a deployment's base does. */
    static boolean isWhole(JsonNode content) {
        return content.has(PREFIX);
    }

    /**
     * The change that makes desired properties what all of the contents want; of two for one path the later wins.
     *
     * @param desired as in a twin, with or without its metadata
     * @return a merge patch; empty when nothing is to be changed
     */
    static Optional<ObjectNode> change(List<? extends JsonNode> contents, ObjectNode desired) {
        ObjectNode before = withoutMetadata(desired);
        ObjectNode after = before;
        for (JsonNode content : contents) {
            after = applied(content, after);
        }
        ObjectNode patch = difference(before, after);
        return patch.isEmpty() ? Optional.empty() : Optional.of(patch);
    }

    /** Whether the twin is as the content wants it. */
    static boolean isIn(JsonNode content, ObjectNode desired) {
        return change(List.of(content), desired).isEmpty();
    }

    private static ObjectNode applied(JsonNode content, ObjectNode desired) {
        ObjectNode after = desired.deepCopy();
        for (Map.Entry<String, JsonNode> member : content.properties()) {
            if (member.getKey().equals(PREFIX)) {
                after.removeAll();
                after.setAll((ObjectNode) withoutNulls(member.getValue()));
            } else {
                set(after, member.getKey().substring(PREFIX.length() + 1).split("\\.", -1), member.getValue());
            }
        }
        return after;
    }

    private static void set(ObjectNode root, String[] path, JsonNode value) {
        ObjectNode parent = root;
        for (int i = 0; i < path.length - 1; i++) {
            parent = parent.get(path[i]) instanceof ObjectNode object ? object : parent.putObject(path[i]);
        }
        String last = path[path.length - 1];
        if (value.isNull()) {
            parent.remove(last);
        } else {
            parent.set(last, withoutNulls(value));
        }
    }

    /** A twin holds no null; where content has one, nothing shall be. */
    private static JsonNode withoutNulls(JsonNode value) {
        if (!(value instanceof ObjectNode object)) {
            return value.deepCopy();
        }
        ObjectNode copy = Json.object();
        object.properties().stream()
                .filter(member -> !member.getValue().isNull())
                .forEach(member -> copy.set(member.getKey(), withoutNulls(member.getValue())));
        return copy;
    }

    private static ObjectNode withoutMetadata(ObjectNode desired) {
        ObjectNode copy = desired.deepCopy();
        copy.remove(List.of("$metadata", "$version"));
        return copy;
    }

    /** The merge patch (RFC 7396) from one document to another. */
    private static ObjectNode difference(ObjectNode before, ObjectNode after) {
        ObjectNode patch = Json.object();
        before.fieldNames().forEachRemaining(name -> {
            if (!after.has(name)) {
                patch.putNull(name);
            }
        });
        for (Map.Entry<String, JsonNode> member : after.properties()) {
            JsonNode old = before.get(member.getKey());
            if (member.getValue().equals(old)) {
                continue;
            }
            boolean both = old instanceof ObjectNode && member.getValue() instanceof ObjectNode;
            patch.set(
                    member.getKey(),
                    both ? difference((ObjectNode) old, (ObjectNode) member.getValue()) : member.getValue());
        }
        return patch;
    }

    private static boolean isPath(String name) {
        return name.equals(PREFIX)
                || name.startsWith(PREFIX + ".")
                        && !List.of(name.split("\\.", -1)).contains("");
    }

    private static HubException invalid(String detail) {
        return new HubException(HubError.INVALID_CONFIGURATION_CONTENT, detail);
    }
}
