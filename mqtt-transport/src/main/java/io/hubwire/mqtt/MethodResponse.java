package io.hubwire.mqtt;

import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.Limits;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.json.Json;
import java.nio.charset.StandardCharsets;

/**
 * The answer to a direct method call. Source: mqtt-device 4.
 *
 * @param status 200 to 599, with the meaning HTTP gives it, or one of the application's own in that range
 * @param payload a JSON value as text, or empty for none; at most 131,072 bytes
 */
public record MethodResponse(int status, String payload) {
    private static final int OK = 200;
    private static final int LEAST_STATUS = 200;
    private static final int MOST_STATUS = 599;

    /**
     * Checks.
     *
     * @throws InvalidInputException when the status is out of range, or the payload is not JSON or too large: the caller of
     *     the method could not read it
     */
    public MethodResponse {
        if (status < LEAST_STATUS || status > MOST_STATUS) {
            throw new InvalidInputException("status of the method's answer is [" + status + "]; it must be from "
                    + LEAST_STATUS + " to " + MOST_STATUS);
        }
        if (!payload.isEmpty()) {
            try {
                Json.parse("payload of the method's answer", payload);
            } catch (RemoteProtocolException notJson) {
                throw new InvalidInputException(String.valueOf(notJson.getMessage()), notJson);
            }
        }
        int bytes = payload.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > Limits.METHOD_PAYLOAD_BYTES) {
            throw new InvalidInputException("payload of the method's answer has " + bytes + " bytes; at most "
                    + Limits.METHOD_PAYLOAD_BYTES + " are allowed");
        }
    }

    /** An answer without payload. */
    public static MethodResponse of(int status) {
        return new MethodResponse(status, "");
    }

    /** An answer with a JSON value, given as text. */
    public static MethodResponse of(int status, String payload) {
        return new MethodResponse(status, payload);
    }

    /** Status 200 with a JSON value, given as text. */
    public static MethodResponse ok(String payload) {
        return new MethodResponse(OK, payload);
    }

    /** An answer that says in words what went wrong: a JSON object with the member {@code message}. */
    static MethodResponse message(int status, String text) {
        return new MethodResponse(status, Json.write(Json.object().put("message", text)));
    }
}
