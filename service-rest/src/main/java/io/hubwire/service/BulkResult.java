package io.hubwire.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.https.HttpsResponse;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What became of a bulk change: what is not among the errors was done. Source: service-rest 2.4.
 *
 * @param isSuccessful whether all was done
 * @param errors what was not
 * @param warnings what was done with a reservation
 */
public record BulkResult(boolean isSuccessful, List<Failure> errors, List<Warning> warnings) {
    private static final int BAD_REQUEST = 400;

    /**
     * One entry that was not carried out.
     *
     * @param moduleId null when it was about a device
     * @param errorCode a name such as {@code DeviceAlreadyExists}, or a number, as the hub gave it
     * @param errorStatus for people; possibly empty
     * @param operation what was tried; null when not told
     */
    public record Failure(
            String deviceId,
            @Nullable String moduleId,
            String errorCode,
            String errorStatus,
            @Nullable String operation) {
        private static Failure read(ObjectNode error) {
            return new Failure(
                    Fields.text(error, "deviceId").orElse(""),
                    Fields.text(error, "moduleId").orElse(null),
                    error.path("errorCode").asText(""), // a name or a number: open-questions 33
                    Fields.text(error, "errorStatus").orElse(""),
                    Fields.text(error, "operation").orElse(null));
        }
    }

    /**
     * One entry that was carried out in part.
     *
     * @param warningCode {@code DeviceRegisteredWithoutTwin}
     * @param warningStatus for people; possibly empty
     */
    public record Warning(String deviceId, String warningCode, String warningStatus) {
        private static Warning read(ObjectNode warning) {
            return new Warning(
                    Fields.text(warning, "deviceId").orElse(""),
                    Fields.text(warning, "warningCode").orElse(""),
                    Fields.text(warning, "warningStatus").orElse(""));
        }
    }

    public BulkResult {
        errors = List.copyOf(errors);
        warnings = List.copyOf(warnings);
    }

    /** A partial failure comes with 400 and this body; a 400 with any other body is an error. */
    static boolean isIn(HttpsResponse answer) {
        return answer.isSuccess()
                || (answer.status() == BAD_REQUEST && body(answer).isPresent());
    }

    static BulkResult read(HttpsResponse answer) {
        ObjectNode body = body(answer)
                .orElseThrow(() -> new RemoteProtocolException(
                        "bulk result without [isSuccessful] in " + answer.bodyLength() + " bytes"));
        return new BulkResult(
                Fields.flag(body, "isSuccessful"),
                items(body.path("errors"), Failure::read),
                items(body.path("warnings"), Warning::read));
    }

    private static Optional<ObjectNode> body(HttpsResponse answer) {
        try {
            return Json.parse("bulk result", answer.body()) instanceof ObjectNode object && object.has("isSuccessful")
                    ? Optional.of(object)
                    : Optional.empty();
        } catch (RemoteProtocolException notJson) {
            return Optional.empty();
        }
    }

    /** What stands in an array, leaving out what is no object. */
    static <T> List<T> items(JsonNode array, Function<ObjectNode, T> read) {
        List<T> out = new ArrayList<>();
        for (JsonNode item : array) {
            if (item instanceof ObjectNode object) {
                out.add(read.apply(object));
            }
        }
        return out;
    }
}
