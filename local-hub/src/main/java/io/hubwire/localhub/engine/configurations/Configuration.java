package io.hubwire.localhub.engine.configurations;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.query.HubQuery;
import io.hubwire.localhub.engine.query.TargetCondition;
import io.hubwire.protocol.WireTime;
import io.hubwire.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A configuration as it is kept. Immutable.
 *
 * @param content with exactly one of {@code deviceContent}, {@code modulesContent}, {@code moduleContent}
 * @param targetCondition as written; blank is for nobody
 * @param metricQueries by name
 * @param revision from 1; what the etag spells
 */
record Configuration(
        String id,
        String schemaVersion,
        ObjectNode labels,
        ObjectNode content,
        String targetCondition,
        int priority,
        ObjectNode metricQueries,
        Instant created,
        Instant updated,
        long revision) {
    /** Lowest priority first; of two with the same the older, so that the newer wins. */
    static final Comparator<Configuration> BY_PRIORITY = Comparator.comparingInt(Configuration::priority)
            .thenComparing(Configuration::created)
            .thenComparing(Configuration::id);

    static final String DEVICE = "deviceContent";
    static final String EDGE = "modulesContent";
    static final String MODULE = "moduleContent";

    /** For example {@code MQ==}. */
    String etag() {
        return Base64.getEncoder().encodeToString(Long.toString(revision).getBytes(StandardCharsets.US_ASCII));
    }

    /** Whom it is for; empty for nobody. */
    Optional<TargetCondition> target() {
        return targetCondition.isBlank() ? Optional.empty() : Optional.of(TargetCondition.parse(targetCondition));
    }

    Map<String, HubQuery> metrics() {
        Map<String, HubQuery> queries = new LinkedHashMap<>();
        metricQueries
                .properties()
                .forEach(
                        m -> queries.put(m.getKey(), HubQuery.parse(m.getValue().asText())));
        return queries;
    }

    /** A deployment whose base replaces whole sections; others are layers upon one. */
    boolean isBase() {
        return content.path(EDGE).properties().stream().anyMatch(module -> Content.isWhole(module.getValue()));
    }

    /**
     * The configuration in the JSON of the service API.
     *
     * @param systemResults what the last sweep counted
     * @param results of the metric queries, likewise
     */
    ObjectNode toJson(ObjectNode systemResults, ObjectNode results) {
        ObjectNode json = toDocument();
        json.remove("revision");
        json.put("etag", etag());
        ObjectNode metrics = Json.object();
        metrics.set("queries", metricQueries.deepCopy());
        metrics.set("results", results.deepCopy());
        json.set("metrics", metrics);
        ObjectNode system = json.putObject("systemMetrics");
        system.putObject("queries");
        system.set("results", systemResults.deepCopy());
        return json;
    }

    /** The document the store keeps. */
    ObjectNode toDocument() {
        ObjectNode json = Json.object();
        json.put("id", id);
        json.put("schemaVersion", schemaVersion);
        json.set("labels", labels.deepCopy());
        json.set("content", content.deepCopy());
        json.put("targetCondition", targetCondition);
        json.put("priority", priority);
        json.set("metrics", metricQueries.deepCopy());
        json.put("createdTimeUtc", WireTime.format(created));
        json.put("lastUpdatedTimeUtc", WireTime.format(updated));
        json.put("revision", revision);
        return json;
    }

    static Configuration ofDocument(JsonNode json) {
        return new Configuration(
                json.path("id").asText(),
                json.path("schemaVersion").asText(),
                (ObjectNode) json.path("labels"),
                (ObjectNode) json.path("content"),
                json.path("targetCondition").asText(),
                json.path("priority").asInt(),
                (ObjectNode) json.path("metrics"),
                WireTime.parse(json.path("createdTimeUtc").asText()).orElse(Instant.EPOCH),
                WireTime.parse(json.path("lastUpdatedTimeUtc").asText()).orElse(Instant.EPOCH),
                json.path("revision").asLong());
    }
}
