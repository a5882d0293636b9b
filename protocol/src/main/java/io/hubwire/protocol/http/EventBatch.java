package io.hubwire.protocol.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Several telemetry messages in one request, {@code [{"body":…,"base64Encoded":…,"properties":{…}}]}; the property keys
 * are the header names of {@link HttpMessageForm#EVENT}. Source: device-http 2.2.
 */
public final class EventBatch {
    /** The media type that marks a batch. */
    public static final String MEDIA_TYPE = "application/vnd.microsoft.iothub.json";

    private EventBatch() {}

    /** Whether a {@code Content-Type} names a batch, whatever parameters follow. */
    public static boolean isBatch(String contentType) {
        String type = contentType.toLowerCase(Locale.ROOT);
        int semicolon = type.indexOf(';');
        return (semicolon < 0 ? type : type.substring(0, semicolon)).trim().equals(MEDIA_TYPE);
    }

    /**
     * The request body, every message body in base64.
     *
     * @throws io.hubwire.protocol.InvalidInputException as {@link HttpMessageForm#headers} does
     */
    public static byte[] format(List<Message> messages) {
        ArrayNode batch = Json.array();
        for (Message message : messages) {
            ObjectNode element = batch.addObject();
            element.put("body", Base64.getEncoder().encodeToString(message.body()));
            element.put("base64Encoded", true);
            ObjectNode properties = element.putObject("properties");
            HttpMessageForm.EVENT.headers(message).forEach(properties::put);
        }
        return Json.writeBytes(batch);
    }

    /**
     * Reads a request body. {@code base64Encoded} absent means true.
     *
     * @throws RemoteProtocolException names the element (from 0) and the member that broke a rule
     */
    public static List<Message> parse(byte[] body) {
        JsonNode batch = Json.parse("batch", body);
        if (!batch.isArray()) {
            throw new RemoteProtocolException("batch is not a JSON array of messages");
        }
        List<Message> messages = new ArrayList<>();
        for (int i = 0; i < batch.size(); i++) {
            messages.add(element(i, batch.get(i)));
        }
        return messages;
    }

    private static Message element(int index, JsonNode element) {
        JsonNode body = element.path("body");
        if (!body.isTextual()) {
            throw broken(index, "body", "must be a text");
        }
        JsonNode base64 = element.path("base64Encoded");
        if (!base64.isMissingNode() && !base64.isNull() && !base64.isBoolean()) {
            throw broken(index, "base64Encoded", "must be true or false");
        }
        Map<String, String> headers = new LinkedHashMap<>();
        JsonNode properties = element.path("properties");
        if (!properties.isMissingNode() && !properties.isNull() && !properties.isObject()) {
            throw broken(index, "properties", "must be an object");
        }
        for (Map.Entry<String, JsonNode> property : properties.properties()) {
            if (property.getValue().isContainerNode()) {
                throw broken(index, "properties." + property.getKey(), "must not be an object or array");
            }
            headers.put(property.getKey(), property.getValue().asText());
        }
        return HttpMessageForm.EVENT.message(
                headers.entrySet(), bytes(index, body.textValue(), base64.asBoolean(true)));
    }

    private static byte[] bytes(int index, String body, boolean base64) {
        if (!base64) {
            return body.getBytes(StandardCharsets.UTF_8);
        }
        try {
            return Base64.getDecoder().decode(body);
        } catch (IllegalArgumentException e) {
            throw broken(index, "body", "is not base64, and base64Encoded is not false");
        }
    }

    private static RemoteProtocolException broken(int index, String member, String rule) {
        return new RemoteProtocolException("batch element " + index + ": [" + member + "] " + rule);
    }
}
