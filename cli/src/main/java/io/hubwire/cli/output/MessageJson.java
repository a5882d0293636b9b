package io.hubwire.cli.output;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.SystemProperty;
import io.hubwire.protocol.json.Json;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Messages in the shapes of the command contract: system, properties, body as text or base64. */
public final class MessageJson {
    private MessageJson() {}

    /** Adds {@code system}, {@code properties} and {@code body} or {@code bodyBase64}. */
    public static void addTo(ObjectNode document, Message message) {
        ObjectNode system = document.putObject("system");
        for (Map.Entry<SystemProperty, @Nullable String> p : message.system().entrySet()) {
            system.put(p.getKey().eventName(), p.getValue());
        }
        addProperties(document, message);
        addBody(document, message);
    }

    /** Adds {@code properties}. */
    public static void addProperties(ObjectNode document, Message message) {
        ObjectNode properties = document.putObject("properties");
        message.properties().forEach(properties::put);
    }

    /** Adds {@code body} when it is UTF-8, else {@code bodyBase64}. */
    public static void addBody(ObjectNode document, Message message) {
        String text = utf8(message.body());
        if (text != null) {
            document.put("body", text);
        } else {
            document.put("bodyBase64", Base64.getEncoder().encodeToString(message.body()));
        }
    }

    /** For people: the text, or how many bytes there are. */
    public static String bodyText(Message message) {
        String text = utf8(message.body());
        return text != null ? text : "(" + message.bodyLength() + " bytes)";
    }

    /** {@code name=value} pairs for people; empty text when there are none. */
    public static String propertiesText(Message message) {
        StringBuilder text = new StringBuilder();
        message.properties().forEach((name, value) -> {
            text.append(text.isEmpty() ? "" : " ").append(name);
            if (value != null) {
                text.append('=').append(value);
            }
        });
        return text.toString();
    }

    /** A document with nothing but the message. */
    public static ObjectNode of(Message message) {
        ObjectNode document = Json.object();
        addTo(document, message);
        return document;
    }

    private static @Nullable String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException notText) {
            return null;
        }
    }
}
