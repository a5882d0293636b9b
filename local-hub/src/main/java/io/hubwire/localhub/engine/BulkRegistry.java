package io.hubwire.localhub.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.json.Json;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Many registry operations in one call; each item stands for itself. Member names and import modes are read without
 * regard to case, as clients write them in several ways. Source: service-rest 2.4.
 */
final class BulkRegistry {
    private static final int MAX_ITEMS = 100;

    private final HubRegistry registry;
    private final HubTwins twins;

    BulkRegistry(HubRegistry registry, HubTwins twins) {
        this.registry = registry;
        this.twins = twins;
    }

    ObjectNode run(ArrayNode items) {
        refuseBadList(items);
        ObjectNode answer = Json.object();
        ArrayNode errors = Json.array();
        for (JsonNode item : items) {
            try {
                apply(item);
            } catch (HubException e) {
                errors.add(error(item, e.error(), e.detail()));
            } catch (InvalidInputException e) {
                errors.add(error(item, HubError.ARGUMENT_INVALID, String.valueOf(e.getMessage())));
            }
        }
        answer.put("isSuccessful", errors.isEmpty());
        answer.set("errors", errors);
        answer.putArray("warnings");
        return answer;
    }

    private static void refuseBadList(ArrayNode items) {
        if (items.size() > MAX_ITEMS) {
            throw new HubException(
                    HubError.BULK_REGISTRY_OPERATION_FAILURE,
                    "the list has " + items.size() + " items; the limit is " + MAX_ITEMS);
        }
        Set<String> seen = new HashSet<>();
        for (JsonNode item : items) {
            String name = text(item, "id") + "/" + text(item, "moduleId");
            if (!seen.add(name)) {
                throw new HubException(
                        HubError.DEVICE_DEFINED_MULTIPLE_TIMES, "[" + name + "] is in the list more than once");
            }
        }
    }

    private void apply(JsonNode item) {
        String id = text(item, "id");
        String moduleId = text(item, "moduleId");
        Identity identity = moduleId == null
                ? Identity.device(id == null ? "" : id)
                : Identity.module(id == null ? "" : id, moduleId);
        ETagMatch etag = ETagMatch.parse(text(item, "eTag"));
        ETagMatch twinEtag = ETagMatch.parse(text(item, "twinETag"));
        String mode = mode(item);
        switch (mode) {
            case "create" -> create(identity, item);
            case "update" -> registry.update(identity, body(item), new ETagMatch.Any());
            case "updateifmatchetag" -> registry.update(identity, body(item), etag);
            case "createorupdate" -> createOrUpdate(identity, item, new ETagMatch.Any());
            case "createorupdateifmatchetag" -> createOrUpdate(identity, item, etag);
            case "delete" -> registry.delete(identity, new ETagMatch.Any());
            case "deleteifmatchetag" -> registry.delete(identity, etag);
            case "updatetwin" -> twins.patch(identity, twinBody(item), new ETagMatch.Any());
            case "updatetwinifmatchetag" -> twins.patch(identity, twinBody(item), twinEtag);
            default ->
                throw new HubException(
                        HubError.ARGUMENT_INVALID,
                        "importMode [" + text(item, "importMode") + "] is none of the known ones");
        }
    }

    private void create(Identity identity, JsonNode item) {
        registry.create(identity, body(item), twins.initial(twinBody(item)));
    }

    private void createOrUpdate(Identity identity, JsonNode item, ETagMatch etag) {
        try {
            registry.update(identity, body(item), etag);
        } catch (HubException e) {
            if (e.error() != HubError.DEVICE_NOT_FOUND && e.error() != HubError.MODULE_NOT_FOUND) {
                throw e;
            }
            create(identity, item);
        }
    }

    /** The item as the registry reads a body: without the members that only bulk calls have. */
    private static ObjectNode body(JsonNode item) {
        ObjectNode body = item.deepCopy();
        body.remove("id");
        return body;
    }

    private static ObjectNode twinBody(JsonNode item) {
        ObjectNode body = Json.object();
        body.set("tags", item.path("tags").deepCopy());
        body.set("properties", item.path("properties").deepCopy());
        return body;
    }

    /** An import mode in lower case; {@code create} when there is none. */
    private static String mode(JsonNode item) {
        String mode = text(item, "importMode");
        return mode == null ? "create" : mode.toLowerCase(Locale.ROOT);
    }

    private static ObjectNode error(JsonNode item, HubError error, String detail) {
        return Json.object()
                .put("deviceId", text(item, "id"))
                .put("moduleId", text(item, "moduleId"))
                .put("errorCode", error.wireName())
                .put("errorStatus", detail)
                .put("operation", text(item, "importMode"));
    }

    /** A text member, its name in any case; null when absent or null. */
    private static @Nullable String text(JsonNode item, String name) {
        return item.properties().stream()
                .filter(member -> member.getKey().equalsIgnoreCase(name))
                .map(member -> member.getValue())
                .filter(value -> !value.isNull())
                .map(JsonNode::asText)
                .findFirst()
                .orElse(null);
    }
}
