package io.hubwire.localhub.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.localhub.engine.Provisioning.Kind;
import io.hubwire.protocol.json.Json;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

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

    /** How DPS chooses a hub. Source: dps 6.2. */
    enum Allocation {
        HASHED("hashed"),
        GEO_LATENCY("geoLatency"),
        STATIC("static"),
        CUSTOM("custom");

        private final String wireName;

        Allocation(String wireName) {
            this.wireName = wireName;
        }

        /** In any case of letters, as SDKs differ. */
        static Optional<Allocation> find(String wireName) {
            return Stream.of(values())
                    .filter(policy -> policy.wireName.equalsIgnoreCase(wireName))
                    .findFirst();
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

    /** Names of the authorities that sign the devices' certificates; primary first. */
    List<String> caReferences() {
        JsonNode pair = json.at("/attestation/x509/caReferences");
        return Stream.of("primary", "secondary")
                .map(slot -> pair.path(slot).asText(""))
                .filter(name -> !name.isEmpty())
                .toList();
    }

    /** The endorsement key of the chip; empty for other attestations. */
    byte[] endorsementKey() {
        return Base64.getDecoder()
                .decode(json.at("/attestation/tpm/endorsementKey").asText());
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

    /** Which hub a device goes to; {@code hashed} unless the enrollment says otherwise. */
    Allocation allocation() {
        String policy = json.path("allocationPolicy").asText("");
        return Allocation.find(policy).orElse(hubs().size() == 1 ? Allocation.STATIC : Allocation.HASHED);
    }

    /** Hubs to choose from, by name; empty for all that are linked. The one for {@code static} is first. */
    List<String> hubs() {
        Stream<String> own = Stream.of(json.path("iotHubHostName").asText(""));
        Stream<String> list =
                StreamSupport.stream(json.path("iotHubs").spliterator(), false).map(name -> name.asText(""));
        return Stream.concat(own, list)
                .filter(name -> !name.isEmpty())
                .distinct()
                .toList();
    }

    /** Where a custom allocation asks; null when nothing says so, or it is no address. */
    @Nullable
    URI webhook() {
        try {
            return new URI(json.at("/customAllocationDefinition/webhookUrl").asText(""));
        } catch (URISyntaxException e) {
            return null;
        }
    }

    /** Whether a device that registers again may be sent to another hub. */
    boolean updatesHubAssignment() {
        return json.at("/reprovisionPolicy/updateHubAssignment").asBoolean(true);
    }

    /** Whether its twin goes with it, or starts anew. */
    boolean migratesDeviceData() {
        return json.at("/reprovisionPolicy/migrateDeviceData").asBoolean(true);
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
