package io.hubwire.cli.learn;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.cli.learn.Explained.Part;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Answers in JSON: of DPS to a registration, errors of either service, events of the hub. Sources: dps 3, service-rest 1.4. */
final class AnswerText {
    private static final Map<String, String> MEANINGS = Map.ofEntries(
            Map.entry("operationId", "ask for the outcome under this name"),
            Map.entry("status", "assigned, assigning, disabled, failed or unassigned"),
            Map.entry("registrationId", "who registers"),
            Map.entry("assignedHub", "the hub to connect to from now on"),
            Map.entry("deviceId", "the name of the device there"),
            Map.entry(
                    "substatus",
                    "initialAssignment, deviceDataMigrated, deviceDataReset or reprovisionedToInitialAssignment"),
            Map.entry("createdDateTimeUtc", "when it registered first"),
            Map.entry("lastUpdatedDateTimeUtc", "when it registered last"),
            Map.entry("etag", "version of this state"),
            Map.entry("payload", "from the custom allocation's webhook"),
            Map.entry("trackingId", "names the request for whoever reads the service's log"),
            Map.entry("TrackingId", "names the request for whoever reads the service's log"),
            Map.entry("timestampUtc", "when it happened"),
            Map.entry("message", "for people"),
            Map.entry("Message", "for people; may hold a second document with the number"),
            Map.entry("ExceptionMessage", "for people, or the tracking id"),
            Map.entry("errorCode", "the service's number of the error"),
            Map.entry("code", "the service's number of the error"));

    private static final Pattern NUMBER = Pattern.compile("\\b([1-5]\\d{5})\\b");

    private AnswerText() {}

    static Explained of(String text) {
        ObjectNode document;
        try {
            document = Json.parseObject("answer", text);
        } catch (RemoteProtocolException broken) {
            return new Explained("JSON", List.of(), broken.getMessage());
        }
        List<Part> parts = new ArrayList<>();
        add(parts, "", document);
        boolean error = document.has("Message") || document.has("errorCode");
        boolean dps =
                document.has("operationId") || document.has("registrationState") || document.has("registrationId");
        if (error) {
            number(text).flatMap(ErrorText::of).ifPresent(known -> parts.addAll(known.parts()));
        }
        return Explained.sound(error ? "error of hub or DPS" : dps ? "answer of DPS" : "JSON document", parts);
    }

    private static void add(List<Part> parts, String prefix, ObjectNode document) {
        for (Map.Entry<String, JsonNode> member : document.properties()) {
            if (member.getValue() instanceof ObjectNode inner && prefix.isEmpty()) {
                add(parts, member.getKey() + ".", inner);
            } else {
                parts.add(new Part(
                        prefix + member.getKey() + "=" + shown(member.getKey(), member.getValue()),
                        MEANINGS.getOrDefault(member.getKey(), "not known")));
            }
        }
    }

    private static String shown(String name, JsonNode value) {
        if (name.toLowerCase(java.util.Locale.ROOT).endsWith("key")) {
            return "…";
        }
        return value.isValueNode() ? value.asText() : Json.write(value);
    }

    private static Optional<String> number(String text) {
        Matcher number = NUMBER.matcher(text);
        return number.find() ? Optional.of(number.group(1)) : Optional.empty();
    }
}
