package io.hubwire.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.WireTime;
import io.hubwire.protocol.json.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Reads members of a document: absent and null are alike, a value of the wrong kind is the sender's mistake. */
final class Fields {
    /** How the service writes a time that never was. Source: service-rest 2.2. */
    private static final Instant NEVER = Instant.parse("0001-01-01T00:00:00Z");

    private Fields() {}

    static Optional<String> text(JsonNode object, String name) {
        JsonNode value = object.path(name);
        if (isNothing(value)) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            throw wrong(name, value, "a text");
        }
        return Optional.of(value.textValue());
    }

    static String requiredText(JsonNode object, String name) {
        return text(object, name)
                .orElseThrow(() -> new RemoteProtocolException("member [" + name + "] is missing; it must be a text"));
    }

    /** A whole number, or 0 when absent. */
    static long number(JsonNode object, String name) {
        JsonNode value = object.path(name);
        if (isNothing(value)) {
            return 0;
        }
        if (!value.canConvertToExactIntegral() || !value.canConvertToLong()) {
            throw wrong(name, value, "a whole number");
        }
        return value.longValue();
    }

    /** As {@link #number}, within an int. */
    static int smallNumber(JsonNode object, String name) {
        long value = number(object, name);
        if (value != (int) value) {
            throw wrong(name, object.path(name), "a whole number of 32 bits");
        }
        return (int) value;
    }

    static boolean flag(JsonNode object, String name) {
        JsonNode value = object.path(name);
        if (isNothing(value)) {
            return false;
        }
        if (!value.isBoolean()) {
            throw wrong(name, value, "true or false");
        }
        return value.booleanValue();
    }

    /** Empty also for the service's "never". */
    static Optional<Instant> time(JsonNode object, String name) {
        return text(object, name)
                .map(text -> WireTime.parse(text).orElseThrow(() -> wrong(name, object.path(name), "an ISO 8601 time")))
                .filter(time -> !time.equals(NEVER));
    }

    /** A copy of the object, or an empty one. */
    static ObjectNode object(JsonNode object, String name) {
        JsonNode value = object.path(name);
        if (isNothing(value)) {
            return Json.object();
        }
        if (value instanceof ObjectNode found) {
            return found.deepCopy();
        }
        throw wrong(name, value, "an object");
    }

    static List<String> texts(JsonNode object, String name) {
        JsonNode value = object.path(name);
        List<String> out = new ArrayList<>();
        if (!isNothing(value) && !value.isArray()) {
            throw wrong(name, value, "an array of texts");
        }
        for (JsonNode item : value) {
            if (!item.isTextual()) {
                throw wrong(name, value, "an array of texts");
            }
            out.add(item.textValue());
        }
        return List.copyOf(out);
    }

    /** What a user typed as JSON. @throws InvalidInputException naming the place */
    static JsonNode given(String what, String json) {
        try {
            return Json.parse(what, json);
        } catch (RemoteProtocolException notJson) {
            throw new InvalidInputException(notJson.getMessage() == null ? what : notJson.getMessage(), notJson);
        }
    }

    /** What a user typed as a JSON object. @throws InvalidInputException naming the place */
    static ObjectNode givenObject(String what, String json) {
        if (given(what, json) instanceof ObjectNode object) {
            return object;
        }
        throw new InvalidInputException(what + " must be a JSON object");
    }

    /** The device or module that {@code deviceMember} and {@code moduleId} name. */
    static Identity identity(ObjectNode object, String deviceMember) {
        String device = requiredText(object, deviceMember);
        Optional<String> module = text(object, "moduleId").filter(id -> !id.isEmpty());
        return told(
                "member [" + deviceMember + "] or [moduleId] is no id",
                () -> module.map(id -> Identity.module(device, id)).orElseGet(() -> Identity.device(device)));
    }

    /** A value made of what the service told, whose mistake it is when that breaks a rule of the value. */
    static <T> T told(String complaint, Supplier<T> value) {
        try {
            return value.get();
        } catch (InvalidInputException broken) {
            throw new RemoteProtocolException(complaint + ": " + broken.getMessage(), broken);
        }
    }

    private static boolean isNothing(JsonNode value) {
        return value.isMissingNode() || value.isNull();
    }

    private static RemoteProtocolException wrong(String name, JsonNode value, String rule) {
        // the kind, not the value: it may be a key in the wrong place
        return new RemoteProtocolException(
                "member [" + name + "] is of kind " + value.getNodeType() + "; it must be " + rule);
    }
}
