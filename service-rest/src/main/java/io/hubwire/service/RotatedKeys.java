package io.hubwire.service;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.https.HttpsResponse;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.json.Json;
import java.util.List;
import java.util.Optional;

/**
 * What became of making keys anew. {@link #toString} shows no key. Source: service-rest 2.5.
 *
 * @param rotated identities with the keys they have now
 * @param errors identities whose keys stay, and why
 */
public record RotatedKeys(List<Keys> rotated, List<BulkResult.Failure> errors) {
    private static final int BAD_REQUEST = 400;

    /** The keys of one identity, the one that did not change included. */
    public record Keys(Identity identity, SymmetricKey primary, SymmetricKey secondary) {
        private static Keys read(ObjectNode item) {
            return new Keys(Fields.identity(item, "id"), key(item, "primaryKey"), key(item, "secondaryKey"));
        }

        private static SymmetricKey key(ObjectNode item, String name) {
            String text = Fields.requiredText(item, name);
            return Fields.told("member [" + name + "] is no key", () -> SymmetricKey.ofBase64(text));
        }
    }

    public RotatedKeys {
        rotated = List.copyOf(rotated);
        errors = List.copyOf(errors);
    }

    /** When none could be done it comes with 400 and this body; a 400 with any other body is an error. */
    static boolean isIn(HttpsResponse answer) {
        return answer.isSuccess()
                || (answer.status() == BAD_REQUEST && body(answer).isPresent());
    }

    static RotatedKeys read(HttpsResponse answer) {
        ObjectNode body = body(answer)
                .orElseThrow(() -> new RemoteProtocolException(
                        "result of key regeneration without [rotatedKeys] in " + answer.bodyLength() + " bytes"));
        return new RotatedKeys(
                BulkResult.items(body.path("rotatedKeys"), Keys::read),
                BulkResult.items(body.path("errors"), RotatedKeys::failure));
    }

    private static BulkResult.Failure failure(ObjectNode error) {
        return new BulkResult.Failure(
                Fields.text(error, "id").orElse(""),
                Fields.text(error, "moduleId").orElse(null),
                error.path("errorCode").asText(""),
                Fields.text(error, "errorStatus").orElse(""),
                null);
    }

    private static Optional<ObjectNode> body(HttpsResponse answer) {
        try {
            return Json.parse("rotated keys", answer.body()) instanceof ObjectNode object && object.has("rotatedKeys")
                    ? Optional.of(object)
                    : Optional.empty();
        } catch (RemoteProtocolException notJson) {
            return Optional.empty();
        }
    }
}
