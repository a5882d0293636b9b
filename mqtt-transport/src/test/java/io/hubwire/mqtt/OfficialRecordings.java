package io.hubwire.mqtt;

import com.fasterxml.jackson.databind.JsonNode;
import io.hubwire.protocol.vectors.Vectors;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What official SDKs put on the wire, from {@code vectors/official-sdk-recordings.json}. Topics are decoded here with the
 * JDK's own decoder and not with ours, since ours is what is being compared.
 */
final class OfficialRecordings {
    /** One packet that an SDK sent over MQTT as a device or module; {@code input} is what its application had asked for. */
    record Recorded(String sdk, String action, JsonNode packet, JsonNode input) {
        String kind() {
            return packet.path("packet").asText();
        }

        String topic() {
            return packet.path("topic").asText();
        }

        String payload() {
            return packet.path("payload").asText();
        }

        int qos() {
            return packet.path("qos").asInt(-1);
        }

        @Override
        public String toString() {
            return sdk + " " + action + " " + kind() + " " + topic();
        }
    }

    private static final String EVENTS = "/messages/events/";

    private OfficialRecordings() {}

    /** All that devices and modules sent over MQTT, also in WebSocket frames. */
    static List<Recorded> all() {
        return Vectors.elements(Vectors.file("official-sdk-recordings.json").path("cases"))
                .map(c -> new Recorded(
                        c.path("sdk").asText(), c.path("action").asText(), c.path("packet"), c.path("input")))
                .filter(r -> r.action().matches("(device|module)(-ws|-model|-product|-x509)?/.*"))
                .filter(r -> r.packet().has("packet") && !r.kind().equals("HTTP"))
                .toList();
    }

    /** Those of one kind of packet and action. */
    static List<Recorded> of(String kind, String actionPattern) {
        List<Recorded> some = all().stream()
                .filter(r -> r.kind().equals(kind) && r.action().matches(actionPattern))
                .toList();
        if (some.isEmpty()) {
            throw new AssertionError("no recording of " + kind + " " + actionPattern);
        }
        return some;
    }

    /** The sender of a telemetry topic, as it stands there: {@code devices/dev-1}. */
    static String sender(String topic) {
        return topic.substring(0, topic.indexOf(EVENTS));
    }

    /** The properties of a telemetry topic, decoded; a trailing slash is a habit of some SDKs and means nothing. */
    static Map<String, String> properties(String topic) {
        Map<String, String> decoded = new TreeMap<>();
        String bag = topic.substring(topic.indexOf(EVENTS) + EVENTS.length()).replaceFirst("/$", "");
        for (String pair : bag.isEmpty() ? new String[0] : bag.split("&")) {
            String[] parts = pair.split("=", 2);
            decoded.put(decode(parts[0]), decode(parts[1]));
        }
        return decoded;
    }

    static String decode(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
