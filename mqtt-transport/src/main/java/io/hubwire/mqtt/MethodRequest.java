package io.hubwire.mqtt;

import io.hubwire.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A direct method call. Source: mqtt-device 4.
 *
 * @param name as called; for a command of a Plug and Play component {@code component*command}
 * @param payload a JSON value as text, or empty when the caller gave none
 */
public record MethodRequest(String name, String payload) {
    /** Reads what came. @throws RemoteProtocolException when the body is neither empty nor JSON */
    static MethodRequest of(String name, byte[] body) {
        if (body.length > 0) {
            Json.parse("payload of method [" + name + "]", body);
        }
        return new MethodRequest(name, new String(body, StandardCharsets.UTF_8));
    }

    /** The component of a Plug and Play command, or empty. */
    public Optional<String> component() {
        int star = name.indexOf('*');
        return star > 0 ? Optional.of(name.substring(0, star)) : Optional.empty();
    }

    /** The name without its component. */
    public String command() {
        return name.substring(name.indexOf('*') + 1);
    }
}
