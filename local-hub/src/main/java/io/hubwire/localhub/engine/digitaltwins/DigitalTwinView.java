package io.hubwire.localhub.engine.digitaltwins;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.json.Json;
import java.util.Map;
import java.util.TreeSet;

/**
 * A device's twin as a digital twin: reported values at the root, what is known about each in {@code $metadata}. A
 * writable property is reported as {@code {"value","ac","av","ad"}}. Pure.
 */
final class DigitalTwinView {
    private static final String METADATA = "$metadata";
    private static final String COMPONENT = "__t";

    private DigitalTwinView() {}

    /** @param twin as the service shows it */
    static ObjectNode of(ObjectNode twin) {
        JsonNode desired = twin.path("properties").path("desired");
        JsonNode reported = twin.path("properties").path("reported");
        ObjectNode view = Json.object();
        view.put("$dtId", twin.path("deviceId").asText());
        ObjectNode metadata = Json.object().put("$model", twin.path("modelId").asText());
        fill(view, metadata, desired, reported, desired.path(METADATA), reported.path(METADATA));
        view.set(METADATA, metadata);
        return view;
    }

    /** Whether a part of a section is a component. */
    static boolean isComponent(JsonNode part) {
        return part.path(COMPONENT).asText().equals("c");
    }

    private static void fill(
            ObjectNode view,
            ObjectNode metadata,
            JsonNode desired,
            JsonNode reported,
            JsonNode desiredTimes,
            JsonNode reportedTimes) {
        TreeSet<String> names = new TreeSet<>();
        desired.fieldNames().forEachRemaining(names::add);
        reported.fieldNames().forEachRemaining(names::add);
        names.removeIf(name -> name.startsWith("$") || name.equals(COMPONENT));
        for (String name : names) {
            JsonNode wanted = desired.path(name);
            JsonNode is = reported.path(name);
            if (isComponent(wanted) || isComponent(is)) {
                ObjectNode component = view.putObject(name);
                ObjectNode inner = Json.object();
                fill(component, inner, wanted, is, desiredTimes.path(name), reportedTimes.path(name));
                component.set(METADATA, inner);
                continue;
            }
            if (!is.isMissingNode()) {
                view.set(name, (isAcknowledgement(is) ? is.path("value") : is).deepCopy());
            }
            ObjectNode about = about(wanted, is, desiredTimes.path(name), reportedTimes.path(name));
            if (!about.isEmpty()) {
                metadata.set(name, about);
            }
        }
    }

    private static ObjectNode about(JsonNode wanted, JsonNode is, JsonNode desiredTimes, JsonNode reportedTimes) {
        ObjectNode about = Json.object();
        if (!wanted.isMissingNode()) {
            about.set("desiredValue", wanted.deepCopy());
            copy(desiredTimes, "$lastUpdatedVersion", about, "desiredVersion");
        }
        if (isAcknowledgement(is)) {
            for (Map.Entry<String, String> name : Map.of("av", "ackVersion", "ac", "ackCode", "ad", "ackDescription")
                    .entrySet()) {
                copy(is, name.getKey(), about, name.getValue());
            }
        }
        copy(is.isMissingNode() ? desiredTimes : reportedTimes, "$lastUpdated", about, "lastUpdateTime");
        return about;
    }

    private static boolean isAcknowledgement(JsonNode reported) {
        return reported.has("value") && reported.has("ac");
    }

    private static void copy(JsonNode from, String name, ObjectNode to, String as) {
        if (from.has(name)) {
            to.set(as, from.get(name).deepCopy());
        }
    }
}
