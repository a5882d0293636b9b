package io.hubwire.localhub.https;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.Secrets;
import io.hubwire.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Makes requests and answers fit to be shown: no key, no signature, one line, not too long. */
final class Masking {
    private static final int LONGEST = 2_000;
    private static final int LONGEST_TEXT = 200;
    /** Members whose value is a secret, in lower case. */
    private static final Set<String> SECRETS = Set.of(
            "primarykey", "secondarykey", "authenticationkey", "sharedaccesskey", "sastoken", "connectionstring");

    private Masking() {}

    static String header(String name, String value) {
        if (name.equalsIgnoreCase(Authorization.HEADER) && !value.startsWith("SharedAccessSignature")) {
            return Secrets.MASK;
        }
        return Secrets.mask(value);
    }

    /** JSON with its secrets masked, short printable text as it is, or the number of bytes. */
    static String body(byte[] body) {
        if (body.length == 0) {
            return "no body";
        }
        try {
            JsonNode json = Json.parse("body", body);
            mask(json);
            String text = Secrets.mask(Json.write(json));
            return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "… (" + body.length + " bytes)";
        } catch (RemoteProtocolException notJson) {
            String text = new String(body, StandardCharsets.UTF_8);
            // what looks like the beginning of JSON may hold a key, so only its size is shown
            boolean harmless = text.length() <= LONGEST_TEXT
                    && text.chars().allMatch(c -> c >= ' ' && c < 0x7f && "{[\"".indexOf(c) < 0);
            return harmless ? "\"" + Secrets.mask(text) + "\"" : body.length + " bytes";
        }
    }

    private static void mask(JsonNode node) {
        if (node instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> member : object.properties()) {
                if (member.getValue().isTextual()
                        && !member.getValue().textValue().isEmpty()
                        && SECRETS.contains(member.getKey().toLowerCase(Locale.ROOT))) {
                    object.put(member.getKey(), Secrets.MASK);
                } else {
                    mask(member.getValue());
                }
            }
        } else if (node instanceof ArrayNode array) {
            array.forEach(Masking::mask);
        }
    }
}
