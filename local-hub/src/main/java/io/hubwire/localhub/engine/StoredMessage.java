package io.hubwire.localhub.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.SystemProperty;
import io.hubwire.protocol.json.Json;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A message as JSON in the store: {@code {"body":base64,"system":{mqttKey:value},"properties":{name:value}}}. */
final class StoredMessage {
    private StoredMessage() {}

    static ObjectNode format(Message message) {
        ObjectNode json = Json.object();
        json.put("body", Base64.getEncoder().encodeToString(message.body()));
        ObjectNode system = json.putObject("system");
        for (Map.Entry<SystemProperty, @Nullable String> each : message.system().entrySet()) {
            system.put(each.getKey().mqttKey(), each.getValue());
        }
        ObjectNode properties = json.putObject("properties");
        for (Map.Entry<String, @Nullable String> each : message.properties().entrySet()) {
            properties.put(each.getKey(), each.getValue());
        }
        return json;
    }

    static Message parse(JsonNode json) {
        Message.Builder message =
                Message.builder(Base64.getDecoder().decode(json.path("body").asText()));
        json.path("system").fields().forEachRemaining(each -> SystemProperty.byMqttKey(each.getKey())
                .ifPresent(name -> message.system(name, each.getValue().textValue())));
        json.path("properties")
                .fields()
                .forEachRemaining(
                        each -> message.property(each.getKey(), each.getValue().textValue()));
        return message.build();
    }
}
