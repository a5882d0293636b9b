package io.hubwire.localhub.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.WireTime;
import io.hubwire.protocol.json.Json;
import java.time.Instant;
import java.util.Map;

/**
 * Desired or reported properties: the values, when each was last written, and the section's version. {@code $metadata}
 * mirrors the values: every object and every leaf has {@code $lastUpdated}, in desired also {@code $lastUpdatedVersion}; a
 * removed key shows on its parents' times. Pure: a change gives a new section. Source: service-rest 5.1.
 */
record TwinSection(ObjectNode values, ObjectNode metadata, long version) {
    static final String METADATA = "$metadata";
    static final String VERSION = "$version";

    /** An empty section at version 1. */
    static TwinSection empty(Instant now) {
        ObjectNode metadata = Json.object();
        metadata.put("$lastUpdated", WireTime.format(now));
        return new TwinSection(Json.object(), metadata, 1);
    }

    /**
     * A section that starts with values, at version 1.
     *
     * @param versioned as in {@link #merge}
     */
    static TwinSection of(ObjectNode values, Instant now, boolean versioned) {
        ObjectNode merged = Json.object();
        ObjectNode metadata = Json.object();
        new Stamp(now, 1, versioned).merge(merged, metadata, values);
        return new TwinSection(merged, metadata, 1);
    }

    /**
     * Merges as RFC 7396 says.
     *
     * @param versioned whether metadata notes the version, as it does for desired properties
     */
    TwinSection merge(ObjectNode patch, Instant now, boolean versioned) {
        ObjectNode merged = values.deepCopy();
        ObjectNode stamped = metadata.deepCopy();
        new Stamp(now, version + 1, versioned).merge(merged, stamped, patch);
        return new TwinSection(merged, stamped, version + 1);
    }

    /** Other values altogether. */
    TwinSection replace(ObjectNode with, Instant now, boolean versioned) {
        TwinSection fresh = new TwinSection(Json.object(), Json.object(), version);
        return fresh.merge(with, now, versioned);
    }

    /** The back end's view: values, {@code $metadata}, {@code $version}. */
    ObjectNode serviceView() {
        ObjectNode view = values.deepCopy();
        view.set(METADATA, metadata.deepCopy());
        view.put(VERSION, version);
        return view;
    }

    /** The device's view: values and {@code $version}. */
    ObjectNode deviceView() {
        return withVersion(values);
    }

    /** A patch or document as it is pushed to a device. */
    ObjectNode withVersion(ObjectNode document) {
        ObjectNode view = document.deepCopy();
        view.put(VERSION, version);
        return view;
    }

    /** The document the store keeps. */
    ObjectNode toDocument() {
        ObjectNode json = Json.object();
        json.set("values", values);
        json.set("metadata", metadata);
        json.put("version", version);
        return json;
    }

    static TwinSection ofDocument(JsonNode json) {
        return new TwinSection(
                (ObjectNode) json.path("values"),
                (ObjectNode) json.path("metadata"),
                json.path("version").asLong());
    }

    /** What one change writes beside each value it touches. */
    private record Stamp(Instant now, long version, boolean versioned) {
        void merge(ObjectNode values, ObjectNode metadata, ObjectNode patch) {
            stamp(metadata);
            for (Map.Entry<String, JsonNode> member : patch.properties()) {
                String key = member.getKey();
                JsonNode value = member.getValue();
                if (value.isNull()) {
                    values.remove(key);
                    metadata.remove(key);
                } else if (value instanceof ObjectNode object) {
                    boolean grows = values.get(key) instanceof ObjectNode;
                    ObjectNode inner = grows ? (ObjectNode) values.get(key) : values.putObject(key);
                    ObjectNode innerMetadata = grows ? (ObjectNode) metadata.get(key) : metadata.putObject(key);
                    merge(inner, innerMetadata, object);
                } else {
                    values.set(key, value.deepCopy());
                    stamp(metadata.putObject(key));
                }
            }
        }

        private void stamp(ObjectNode metadata) {
            metadata.put("$lastUpdated", WireTime.format(now));
            if (versioned) {
                metadata.put("$lastUpdatedVersion", version);
            }
        }
    }
}
