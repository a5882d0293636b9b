package io.hubwire.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.json.Json;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * An automatic device configuration or an Edge deployment: what many twins shall hold, and which. A view of the hub's
 * document, as {@link Device} is. Source: service-rest 10.
 */
public final class Configuration {
    private final ObjectNode document;

    private Configuration(ObjectNode ownedDocument) {
        this.document = ownedDocument;
    }

    /** @param id lower-case letters, digits and some punctuation; not empty */
    public static Builder builder(String id) {
        if (id.isBlank()) {
            throw new InvalidInputException("configuration id [" + id + "] is blank");
        }
        return new Builder(Json.object().put("id", id).put("schemaVersion", "1.0"));
    }

    /**
     * Reads a document as the REST API has it.
     *
     * @throws InvalidInputException when it is no JSON object or lacks {@code id}
     */
    public static Configuration parse(String json) {
        ObjectNode document = Fields.givenObject("configuration", json);
        if (!document.path("id").isTextual()) {
            throw new InvalidInputException("configuration has no [id]; it must be a text");
        }
        return read(document);
    }

    static Configuration read(ObjectNode document) {
        return new Configuration(document.deepCopy());
    }

    public String id() {
        return Fields.requiredText(document, "id");
    }

    /** The version, for {@link IfMatch}; empty on one that was never saved. */
    public Optional<String> etag() {
        return Fields.text(document, "etag");
    }

    /** The WHERE part that picks the devices; empty text picks none. */
    public String targetCondition() {
        return Fields.text(document, "targetCondition").orElse("");
    }

    /** From 0; the highest wins where several pick a device. */
    public int priority() {
        return Fields.smallNumber(document, "priority");
    }

    /** Names and values for people and programs, sorted by name; empty when there are none. */
    public Map<String, String> labels() {
        Map<String, String> out = new TreeMap<>();
        Fields.object(document, "labels")
                .properties()
                .forEach(e -> out.put(e.getKey(), e.getValue().asText()));
        return out;
    }

    /** A copy of the content; it cannot change after creation. */
    public ObjectNode content() {
        return Fields.object(document, "content");
    }

    /** What the hub counted: {@code targetedCount}, {@code appliedCount} and others. */
    public Map<String, Long> systemMetrics() {
        return counts(Fields.object(document, "systemMetrics"));
    }

    /** What the configuration's own queries counted. */
    public Map<String, Long> metrics() {
        return counts(Fields.object(document, "metrics"));
    }

    /** Empty on one that was never saved. */
    public Optional<Instant> createdTime() {
        return Fields.time(document, "createdTimeUtc");
    }

    /** Empty on one that was never saved. */
    public Optional<Instant> lastUpdatedTime() {
        return Fields.time(document, "lastUpdatedTimeUtc");
    }

    /** The whole document. */
    public String json() {
        return Json.write(document);
    }

    /** A copy of the whole document. */
    public ObjectNode tree() {
        return document.deepCopy();
    }

    /** A builder that starts from this configuration. */
    public Builder toBuilder() {
        return new Builder(document.deepCopy());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Configuration that && document.equals(that.document);
    }

    @Override
    public int hashCode() {
        return document.hashCode();
    }

    @Override
    public String toString() {
        return "Configuration[" + id() + ", priority " + priority() + "]";
    }

    private static Map<String, Long> counts(ObjectNode metrics) {
        Map<String, Long> out = new TreeMap<>();
        ObjectNode results = Fields.object(metrics, "results");
        results.fieldNames().forEachRemaining(name -> out.put(name, Fields.number(results, name)));
        return out;
    }

    /** Collects a configuration. Not thread-safe. */
    public static final class Builder {
        private final ObjectNode document;

        private Builder(ObjectNode ownedDocument) {
            this.document = ownedDocument;
        }

        /** The WHERE part that picks the devices. */
        public Builder targetCondition(String value) {
            document.put("targetCondition", value);
            return this;
        }

        /** From 0; the highest wins where several pick a device. Default 0. */
        public Builder priority(int value) {
            document.put("priority", value);
            return this;
        }

        /** For people and programs; a repeated name replaces. */
        public Builder label(String name, String value) {
            document.withObjectProperty("labels").put(name, value);
            return this;
        }

        /**
         * For devices: members such as {@code properties.desired.fan} with the value they shall have.
         *
         * @throws InvalidInputException when {@code json} is no object
         */
        public Builder deviceContent(String json) {
            return content("deviceContent", json);
        }

        /** For Edge devices: per module. @throws InvalidInputException when {@code json} is no object */
        public Builder modulesContent(String json) {
            return content("modulesContent", json);
        }

        /** For modules of other devices. @throws InvalidInputException when {@code json} is no object */
        public Builder moduleContent(String json) {
            return content("moduleContent", json);
        }

        /** A count of one's own. */
        public Builder metric(String name, String query) {
            document.withObjectProperty("metrics").withObjectProperty("queries").put(name, query);
            return this;
        }

        /** Any member by its wire name, for what has no method here. */
        public Builder member(String name, JsonNode value) {
            document.set(name, value.deepCopy());
            return this;
        }

        public Configuration build() {
            return read(document);
        }

        private Builder content(String kind, String json) {
            document.withObjectProperty("content").set(kind, Fields.givenObject(kind, json));
            return this;
        }
    }
}
