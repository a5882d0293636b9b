package io.hubwire.localhub.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.localhub.engine.Provisioning.Kind;
import io.hubwire.protocol.json.Json;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * An enrollment or an enrollment group: the JSON of the service API with keys, and what DPS reads of it. {@link
 * EnrollmentBody} has checked it. Source: dps 6.1.
 *
 * @param json never changed
 */
record Enrollment(Kind kind, ObjectNode json) {
    /** How the devices of an enrollment prove who they are. */
    enum Attestation {
        SYMMETRIC_KEY("symmetricKey"),
        X509("x509"),
        TPM("tpm"),
        NONE("none");

        private final String wireName;

        Attestation(String wireName) {
            this.wireName = wireName;
        }

        String wireName() {
            return wireName;
        }
    }

    static String idMember(Kind kind) {
        return kind == Kind.INDIVIDUAL ? "registrationId" : "enrollmentGroupId";
    }

    /** Registration id or group id, as written. */
    String id() {
        return json.path(idMember(kind)).asText();
    }

    Attestation attestation() {
        String type = json.at("/attestation/type").asText();
        return Stream.of(Attestation.values())
                .filter(attestation -> attestation.wireName.equals(type))
                .findFirst()
                .orElse(Attestation.NONE);
    }

    /** Primary and secondary; of a group, those from which its devices' keys are derived. */
    List<SymmetricKey> keys() {
        JsonNode keys = json.at("/attestation/symmetricKey");
        return List.of(
                SymmetricKey.ofBase64(keys.path("primaryKey").asText()),
                SymmetricKey.ofBase64(keys.path("secondaryKey").asText()));
    }

    /** Certificates that a device presents, or that sign those; primary first, by base64 DER. */
    List<String> certificates() {
        JsonNode x509 = json.at("/attestation/x509");
        JsonNode pair = x509.path(kind == Kind.INDIVIDUAL ? "clientCertificates" : "signingCertificates");
        return Stream.of("primary", "secondary")
                .map(slot -> pair.path(slot).path("certificate").asText(""))
                .filter(certificate -> !certificate.isEmpty())
                .toList();
    }

    /**
     * The name of the device in the hub.
     *
     * @param registrationId as spelled by the device
     */
    String deviceId(String registrationId) {
        String own = json.path("deviceId").asText("");
        return own.isEmpty() ? registrationId : own;
    }

    boolean enabled() {
        return !json.path("provisioningStatus").asText().equals("disabled");
    }

    boolean edge() {
        return json.at("/capabilities/iotEdge").asBoolean();
    }

    boolean allocatesByWebhook() {
        return json.path("allocationPolicy").asText().toLowerCase(Locale.ROOT).equals("custom");
    }

    /** Tags and desired properties, as the twin of the service API has them; empty object for none. */
    ObjectNode initialTwin() {
        return json.path("initialTwin") instanceof ObjectNode twin ? twin.deepCopy() : Json.object();
    }

    /** Without the quotes that it carries inside. */
    String etag() {
        return json.path("etag").asText().replace("\"", "");
    }

    /** What a plain GET shows: no keys. */
    ObjectNode withoutKeys() {
        ObjectNode shown = json.deepCopy();
        if (shown.path("attestation") instanceof ObjectNode attestation) {
            attestation.remove("symmetricKey");
        }
        return shown;
    }

    /** Answer of the attestation call, with keys. */
    ObjectNode attestationMechanism() {
        return json.path("attestation").deepCopy();
    }
}
