package io.hubwire.localhub.engine.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;
import java.util.Map;

/**
 * A way into a document: {@code tags.location.region}. The first name is found without regard to case, as the service
 * does with {@code DeviceId}; the others are the user's own and exact.
 *
 * @param names at least one
 */
record PropertyPath(List<String> names) {
    PropertyPath {
        names = List.copyOf(names);
    }

    /** What is there; missing when nothing is. */
    JsonNode in(JsonNode document) {
        JsonNode found = root(document);
        for (int i = 1; i < names.size() && !found.isMissingNode(); i++) {
            found = found.path(names.get(i));
        }
        return found;
    }

    /** What a column of this path is called in a document: the last name, a root's in the document's spelling. */
    String key(JsonNode document) {
        if (names.size() > 1 || document.has(names.get(0))) {
            return last();
        }
        return document.properties().stream()
                .map(Map.Entry::getKey)
                .filter(name -> name.equalsIgnoreCase(names.get(0)))
                .findFirst()
                .orElse(last());
    }

    String last() {
        return names.get(names.size() - 1);
    }

    private JsonNode root(JsonNode document) {
        JsonNode exact = document.path(names.get(0));
        if (!exact.isMissingNode()) {
            return exact;
        }
        return document.properties().stream()
                .filter(member -> member.getKey().equalsIgnoreCase(names.get(0)))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(MissingNode.getInstance());
    }

    @Override
    public String toString() {
        return String.join(".", names);
    }
}
