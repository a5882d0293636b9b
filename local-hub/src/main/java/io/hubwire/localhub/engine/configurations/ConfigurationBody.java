package io.hubwire.localhub.engine.configurations;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.HubException;
import io.hubwire.localhub.engine.query.HubQuery;
import io.hubwire.localhub.engine.query.QueryException;
import io.hubwire.localhub.engine.query.Source;
import io.hubwire.localhub.engine.query.TargetCondition;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.json.Json;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads and checks what a back end writes of a configuration. Source: service-rest 10. */
final class ConfigurationBody {
    private static final Pattern ID = Pattern.compile("[a-z0-9\\-:+%_#*?!(),=@;']{1,128}");
    private static final List<String> CONTENTS =
            List.of(Configuration.DEVICE, Configuration.EDGE, Configuration.MODULE);
    private static final int MAX_MODULES = 50;

    private ConfigurationBody() {}

    /**
     * A new configuration.
     *
     * @throws HubException 400004, 400401, 400402, 400404
     */
    static Configuration create(String id, ObjectNode body, Instant now) {
        if (!ID.matcher(id).matches()) {
            throw invalid("configuration id [" + id
                    + "] must be 1 to 128 lower-case letters, digits or - : + % _ # * ? ! ( ) , = @ ; '");
        }
        checkContent(body.path("content"));
        return read(id, body, (ObjectNode) body.path("content"), now, now, 1);
    }

    /**
     * A configuration after a change. Everything but the content is replaced.
     *
     * @throws HubException 400004, 400401, 400403, 400404
     */
    static Configuration update(Configuration before, ObjectNode body, Instant now) {
        if (body.hasNonNull("content") && !withoutNulls(body.path("content")).equals(withoutNulls(before.content()))) {
            throw new HubException(
                    HubError.CANNOT_MODIFY_IMMUTABLE_CONFIGURATION_CONTENT,
                    "content of [" + before.id() + "] cannot change; make another configuration");
        }
        return read(before.id(), body, before.content(), before.created(), now, before.revision() + 1);
    }

    private static Configuration read(
            String id, ObjectNode body, ObjectNode content, Instant created, Instant updated, long revision) {
        if (body.hasNonNull("id") && !body.path("id").asText().equals(id)) {
            throw invalid("id [" + body.path("id").asText() + "] of the body is not the one of the path [" + id + "]");
        }
        String target = body.path("targetCondition").asText("");
        Source source = target(target).map(TargetCondition::source).orElse(null);
        boolean modules = content.hasNonNull(Configuration.MODULE);
        if (source != null && modules != (source == Source.MODULES)) {
            throw new HubException(
                    HubError.INVALID_CONFIGURATION_TARGET_CONDITION,
                    "targetCondition is about " + source.text() + "; moduleContent needs FROM devices.modules WHERE …,"
                            + " and other content is for devices");
        }
        ObjectNode queries = texts("metrics.queries", body.path("metrics").path("queries"));
        metricErrors(queries).properties().stream().findFirst().ifPresent(error -> {
            throw new HubException(
                    HubError.INVALID_CONFIGURATION_CUSTOM_METRICS_QUERY,
                    "metric [" + error.getKey() + "]: " + error.getValue().asText());
        });
        return new Configuration(
                id,
                body.path("schemaVersion").asText("1.0"),
                texts("labels", body.path("labels")),
                content.deepCopy(),
                target,
                priority(body.path("priority")),
                queries,
                created,
                updated,
                revision);
    }

    /**
     * Checks content on its own.
     *
     * @throws HubException 400402
     */
    static void checkContent(JsonNode content) {
        List<String> given = CONTENTS.stream().filter(content::hasNonNull).toList();
        if (given.size() != 1) {
            throw badContent("content must have one of " + CONTENTS + ", not " + given);
        }
        String name = given.get(0);
        if (!name.equals(Configuration.EDGE)) {
            Content.check("content." + name, content.path(name));
            return;
        }
        if (!content.path(name).isObject() || content.path(name).size() > MAX_MODULES) {
            throw badContent("content." + name + " must be an object of at most " + MAX_MODULES + " modules");
        }
        for (Map.Entry<String, JsonNode> module : content.path(name).properties()) {
            Content.check("content." + name + "." + module.getKey(), module.getValue());
        }
    }

    /** @throws HubException 400401 */
    private static Optional<TargetCondition> target(String condition) {
        String error = targetError(condition);
        if (error != null) {
            throw new HubException(HubError.INVALID_CONFIGURATION_TARGET_CONDITION, "targetCondition: " + error);
        }
        return condition.isBlank() ? Optional.empty() : Optional.of(TargetCondition.parse(condition));
    }

    /** What is wrong with a target condition; null when nothing is. */
    static @Nullable String targetError(String condition) {
        try {
            if (!condition.isBlank()) {
                TargetCondition.parse(condition);
            }
            return null;
        } catch (QueryException e) {
            return e.getMessage();
        }
    }

    /** What is wrong with metric queries, by name; empty when nothing is. */
    static ObjectNode metricErrors(ObjectNode queries) {
        ObjectNode errors = Json.object();
        for (Map.Entry<String, JsonNode> query : queries.properties()) {
            try {
                HubQuery.parse(query.getValue().asText());
            } catch (QueryException e) {
                errors.put(query.getKey(), e.getMessage());
            }
        }
        return errors;
    }

    /** An object whose values are texts; empty when it is left out. */
    static ObjectNode texts(String name, JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return Json.object();
        }
        if (!(value instanceof ObjectNode object)
                || object.properties().stream()
                        .anyMatch(member -> !member.getValue().isTextual())) {
            throw invalid(name + " must be an object whose values are texts");
        }
        return object.deepCopy();
    }

    private static int priority(JsonNode value) {
        if (value.isMissingNode() || value.isNull()) {
            return 0;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt() || value.intValue() < 0) {
            throw invalid("priority [" + value + "] must be a whole number from 0 on");
        }
        return value.intValue();
    }

    /** SDKs write the contents they do not use as null. */
    private static ObjectNode withoutNulls(JsonNode content) {
        ObjectNode copy = content instanceof ObjectNode object ? object.deepCopy() : Json.object();
        CONTENTS.stream().filter(name -> !copy.hasNonNull(name)).forEach(copy::remove);
        return copy;
    }

    private static HubException badContent(String detail) {
        return new HubException(HubError.INVALID_CONFIGURATION_CONTENT, detail);
    }

    private static HubException invalid(String detail) {
        return new HubException(HubError.ARGUMENT_INVALID, detail);
    }
}
