package io.hubwire.localhub.engine.digitaltwins;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.HubException;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A JSON Patch (RFC 6902) of a digital twin as a merge patch of desired properties. {@code add}, {@code replace} and {@code
 * remove} are understood; paths are {@code /property} or {@code /component/property}, and deeper into a property's object.
 * A new component gets its marker. Pure.
 */
final class DesiredPatch {
    private static final Set<String> OPERATIONS = Set.of("add", "replace", "remove");

    private final ObjectNode twin;
    private final ObjectNode patch = Json.object();

    private DesiredPatch(ObjectNode twin) {
        this.twin = twin;
    }

    /**
     * Reads a patch.
     *
     * @param twin as the service shows it
     * @throws HubException 400004, with the number of the operation
     */
    static ObjectNode of(ArrayNode operations, ObjectNode twin) {
        DesiredPatch reader = new DesiredPatch(twin);
        for (int i = 0; i < operations.size(); i++) {
            reader.add("operation " + (i + 1), operations.get(i));
        }
        return reader.patch;
    }

    private void add(String which, JsonNode operation) {
        String op = operation.path("op").asText();
        if (!OPERATIONS.contains(op)) {
            throw invalid(which + " has op [" + op + "]; it must be add, replace or remove");
        }
        List<String> path = path(which, operation.path("path").asText());
        if (!op.equals("remove")
                && (!operation.has("value") || operation.path("value").isNull())) {
            throw invalid(which + " needs a value that is not null");
        }
        if (!op.equals("add") && find(path).isMissingNode()) {
            throw invalid(which + " would " + op + " [" + operation.path("path").asText() + "], which is not there");
        }
        ObjectNode parent = patch;
        for (int i = 0; i < path.size() - 1; i++) {
            parent = parent.get(path.get(i)) instanceof ObjectNode object ? object : parent.putObject(path.get(i));
            if (i == 0 && isComponent(path.get(0))) {
                parent.put("__t", "c");
            }
        }
        String last = path.get(path.size() - 1);
        if (op.equals("remove")) {
            parent.putNull(last);
        } else {
            parent.set(last, operation.path("value").deepCopy());
        }
    }

    /** A name that is not there yet, with another below it, is a component: models know no other nesting at the root. */
    private boolean isComponent(String name) {
        JsonNode desired = twin.path("properties").path("desired").path(name);
        JsonNode reported = twin.path("properties").path("reported").path(name);
        return DigitalTwinView.isComponent(desired)
                || DigitalTwinView.isComponent(reported)
                || desired.isMissingNode() && reported.isMissingNode();
    }

    /** What is desired or reported there, or was added by an operation before. */
    private JsonNode find(List<String> path) {
        JsonNode found = at(patch, path);
        for (String section : List.of("desired", "reported")) {
            found = found.isMissingNode() ? at(twin.path("properties").path(section), path) : found;
        }
        return found;
    }

    private static JsonNode at(JsonNode from, List<String> path) {
        JsonNode found = from;
        for (String name : path) {
            found = found.path(name);
        }
        return found;
    }

    private static List<String> path(String which, String pointer) {
        if (!pointer.startsWith("/") || pointer.length() < 2) {
            throw invalid(which + " has path [" + pointer + "]; it must be /property or /component/property");
        }
        List<String> names = new ArrayList<>();
        for (String part : pointer.substring(1).split("/", -1)) {
            String name = part.replace("~1", "/").replace("~0", "~");
            if (name.isEmpty() || name.startsWith("$")) {
                throw invalid(which + " has path [" + pointer + "]; [" + name + "] is no property");
            }
            names.add(name);
        }
        return names;
    }

    private static HubException invalid(String detail) {
        return new HubException(HubError.ARGUMENT_INVALID, detail);
    }
}
