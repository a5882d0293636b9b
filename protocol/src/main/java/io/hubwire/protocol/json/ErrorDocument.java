package io.hubwire.protocol.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.WireTime;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The flat error that three services share: DPS over every transport, the hub's answers to twin requests over MQTT, and
 * the text inside {@link ServiceErrorBody}'s nested form. Source: dps 3; mqtt-device 5; service-rest 12.1, form B.
 *
 * <pre>{"errorCode":401002,"trackingId":"…","message":"Unauthorized","info":{},"timestampUtc":"2020-11-16T15:20:06.2855197Z"}</pre>
 *
 * @param errorCode six digits; the hub's numbers ({@link io.hubwire.protocol.HubError}) and those of DPS
 *     ({@link io.hubwire.protocol.DpsError}) differ
 * @param trackingId for the operator's support call; null when not told
 * @param message for people, possibly empty
 * @param info more facts by name, in order; values that are no text appear as JSON. Empty and absent are written alike,
 *     left out
 * @param timestampUtc ISO 8601 text as it came, or null
 */
public record ErrorDocument(
        int errorCode,
        @Nullable String trackingId,
        String message,
        Map<String, String> info,
        @Nullable String timestampUtc) {
    public ErrorDocument {
        info = Collections.unmodifiableMap(new LinkedHashMap<>(info));
    }

    /** An error to send. */
    public static ErrorDocument of(int errorCode, String message, String trackingId, Instant when) {
        return new ErrorDocument(errorCode, trackingId, message, Map.of(), WireTime.format(when));
    }

    /** A copy with these facts. */
    public ErrorDocument withInfo(Map<String, String> facts) {
        return new ErrorDocument(errorCode, trackingId, message, facts, timestampUtc);
    }

    public String format() {
        ObjectNode out = Json.object().put("errorCode", errorCode);
        if (trackingId != null) {
            out.put("trackingId", trackingId);
        }
        out.put("message", message);
        if (!info.isEmpty()) {
            ObjectNode facts = out.putObject("info");
            info.forEach(facts::put);
        }
        if (timestampUtc != null) {
            out.put("timestampUtc", timestampUtc);
        }
        return Json.write(out);
    }

    /** Reads such a body, or nothing when it is anything else: another JSON value, HTML, nothing at all. Never fails. */
    public static Optional<ErrorDocument> parse(String body) {
        if (!body.stripLeading().startsWith("{")) {
            return Optional.empty();
        }
        try {
            return read(Json.parse("error body", body));
        } catch (RemoteProtocolException notJson) {
            return Optional.empty();
        }
    }

    static Optional<ErrorDocument> read(JsonNode body) {
        JsonNode code = body.path("errorCode");
        if (!code.canConvertToInt()) {
            return Optional.empty();
        }
        Map<String, String> info = new LinkedHashMap<>();
        body.path("info").properties().forEach(fact -> info.put(fact.getKey(), text(fact.getValue())));
        return Optional.of(new ErrorDocument(
                code.intValue(),
                body.path("trackingId").textValue(),
                body.path("message").asText(""),
                info,
                body.path("timestampUtc").textValue()));
    }

    private static String text(JsonNode value) {
        return value.isTextual() ? value.textValue() : Json.write(value);
    }
}
