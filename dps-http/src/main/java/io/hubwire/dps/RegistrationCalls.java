package io.hubwire.dps;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.auth.RegistrationId;
import io.hubwire.https.HttpsRequest;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.json.Json;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** The three requests of the device API. Source: dps 2, 2.1 and 2.2. Pure. */
final class RegistrationCalls {
    private final String idScope;
    private final RegistrationId id;
    private final String apiVersion;

    RegistrationCalls(String idScope, RegistrationId id, String apiVersion) {
        this.idScope = idScope;
        this.id = id;
        this.apiVersion = apiVersion;
    }

    /** For errors. */
    String what() {
        return "registration of [" + id + "] in scope [" + idScope + "]";
    }

    /** The body of look-up. */
    String lookUpBody(Attestation attestation) {
        return Json.write(body(attestation));
    }

    private ObjectNode body(Attestation attestation) {
        ObjectNode body = Json.object().put("registrationId", id.value());
        if (attestation instanceof Attestation.TpmChip chip) {
            body.putObject("tpm")
                    .put("endorsementKey", base64(chip.tpm().endorsementKey()))
                    .put("storageRootKey", base64(chip.tpm().storageRootKey()));
        }
        return body;
    }

    /**
     * The body of register; sent again unchanged, challenge or not.
     *
     * @param payload JSON text for the custom allocation; null for none
     * @param certificateRequest DER of a PKCS#10; null for none
     * @throws InvalidInputException when the payload is not JSON
     */
    String registerBody(Attestation attestation, @Nullable String payload, byte @Nullable [] certificateRequest) {
        ObjectNode body = body(attestation);
        if (certificateRequest != null) {
            body.put("csr", base64(certificateRequest));
        }
        if (payload != null) {
            body.set("payload", json(payload));
        }
        return Json.write(body);
    }

    HttpsRequest.Builder register(String body) {
        return HttpsRequest.put(idScope, "registrations", id.value(), "register")
                .query("api-version", apiVersion)
                .json(body);
    }

    HttpsRequest.Builder poll(String operationId) {
        return HttpsRequest.get(idScope, "registrations", id.value(), "operations", operationId)
                .query("api-version", apiVersion);
    }

    HttpsRequest.Builder lookUp(String body) {
        return HttpsRequest.post(idScope, "registrations", id.value())
                .query("api-version", apiVersion)
                .json(body);
    }

    private static JsonNode json(String payload) {
        try {
            return Json.parse("payload", payload);
        } catch (RemoteProtocolException notJson) {
            throw new InvalidInputException(String.valueOf(notJson.getMessage()), notJson);
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
