package io.hubwire.localhub.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.json.Json;

/** New keys for many identities in one call; each item stands for itself. Source: service-rest 2.5. */
final class KeyRotation {
    private static final int MAX_ITEMS = 100;

    private final HubRegistry registry;
    private final Identities identities;
    private final Ids ids;

    KeyRotation(HubRegistry registry, Identities identities, Ids ids) {
        this.registry = registry;
        this.identities = identities;
        this.ids = ids;
    }

    /** Which of the two. */
    private enum Which {
        PRIMARY_KEY("primaryKey"),
        SECONDARY_KEY("secondaryKey"),
        BOTH("both");

        private final String wireName;

        Which(String wireName) {
            this.wireName = wireName;
        }
    }

    ObjectNode run(ObjectNode body) {
        Which which = which(body.path("policyKey"));
        JsonNode items = body.path("devices");
        if (!items.isArray() || items.isEmpty() || items.size() > MAX_ITEMS) {
            throw new HubException(
                    HubError.BULK_REGENERATE_DEVICE_KEY_OPERATION_FAILURE,
                    "devices must be a list of 1 to " + MAX_ITEMS + " identities");
        }
        ObjectNode answer = Json.object().put("policyKey", which.wireName);
        ArrayNode rotated = answer.putArray("rotatedKeys");
        ArrayNode errors = answer.putArray("errors");
        for (JsonNode item : items) {
            try {
                rotated.add(rotate(item, which));
            } catch (HubException e) {
                errors.add(error(item, e.error(), e.detail()));
            } catch (InvalidInputException e) {
                errors.add(error(item, HubError.ARGUMENT_INVALID, String.valueOf(e.getMessage())));
            }
        }
        return answer;
    }

    private ObjectNode rotate(JsonNode item, Which which) {
        String id = item.path("id").asText();
        Identity identity = item.hasNonNull("moduleId")
                ? Identity.module(id, item.path("moduleId").asText())
                : Identity.device(id);
        Authentication before = identities.require(identity).authentication();
        SymmetricKey primary = before.primaryKey();
        SymmetricKey secondary = before.secondaryKey();
        if (primary == null || secondary == null) {
            throw new HubException(
                    HubError.INVALID_OPERATION,
                    "[" + identity + "] has no keys but authentication of type "
                            + before.type().wireName());
        }
        Authentication after = Authentication.sas(
                which == Which.SECONDARY_KEY ? primary : ids.hubKey(),
                which == Which.PRIMARY_KEY ? secondary : ids.hubKey());
        registry.updateAuthentication(identity, after);
        ObjectNode keys = (ObjectNode) after.toJson().path("symmetricKey");
        ObjectNode rotated = named(item);
        rotated.setAll(keys);
        return rotated;
    }

    private static Which which(JsonNode policyKey) {
        for (Which which : Which.values()) {
            if (which.wireName.equalsIgnoreCase(policyKey.asText())) {
                return which;
            }
        }
        throw new HubException(
                HubError.INVALID_POLICY_KEY,
                "policyKey [" + policyKey.asText() + "] must be primaryKey, secondaryKey or both");
    }

    private static ObjectNode error(JsonNode item, HubError error, String detail) {
        return named(item).put("errorCode", error.wireName()).put("errorStatus", detail);
    }

    private static ObjectNode named(JsonNode item) {
        return Json.object()
                .put("id", item.path("id").textValue())
                .put("moduleId", item.path("moduleId").textValue());
    }
}
