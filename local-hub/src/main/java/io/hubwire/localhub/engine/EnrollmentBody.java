package io.hubwire.localhub.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.auth.RegistrationId;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.localhub.engine.Enrollment.Attestation;
import io.hubwire.localhub.engine.Provisioning.Kind;
import io.hubwire.protocol.DeviceId;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.WireTime;
import io.hubwire.protocol.json.Json;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a back end writes of an enrollment, checked and completed: ids, keys, certificates with their description,
 * defaults, times. Members it does not know stay. Refusals are 400004. Source: dps 6.1.
 */
final class EnrollmentBody {
    /** DPS makes longer keys than the hub. */
    private static final int KEY_BYTES = 64;

    private final HubNames names;
    private final HubTwins twins;
    private final Ids ids;

    EnrollmentBody(HubNames names, HubTwins twins, Ids ids) {
        this.names = names;
        this.twins = twins;
        this.ids = ids;
    }

    /**
     * Reads an enrollment.
     *
     * @param before what it replaces; its keys stay where the body gives none
     */
    Enrollment read(Kind kind, String id, ObjectNode body, Optional<Enrollment> before, Instant now) {
        ObjectNode json = body.deepCopy();
        checkIds(kind, id, json);
        json.put(Enrollment.idMember(kind), id);
        readAttestation(kind, json, before);
        defaults(json);
        checkHubs(json);
        twins.initial(
                json.path("initialTwin") instanceof ObjectNode twin ? twin : Json.object()); // refuses a bad one now
        json.remove("registrationState");
        json.put("etag", "\"" + ids.uuid() + "\"");
        json.put(
                "createdDateTimeUtc",
                before.map(e -> e.json().path("createdDateTimeUtc").asText()).orElse(WireTime.format(now)));
        json.put("lastUpdatedDateTimeUtc", WireTime.format(now));
        return new Enrollment(kind, json);
    }

    private static void checkIds(Kind kind, String id, ObjectNode json) {
        String member = Enrollment.idMember(kind);
        String inBody = json.path(member).asText("");
        if (!inBody.isEmpty() && !inBody.equalsIgnoreCase(id)) {
            throw DpsRefusals.invalid(member + " [" + inBody + "] of the body is not the one of the path [" + id + "]");
        }
        try {
            new RegistrationId(id); // a group's id follows the same rule
            if (kind == Kind.INDIVIDUAL && !json.path("deviceId").asText("").isEmpty()) {
                new DeviceId(json.path("deviceId").asText());
            }
        } catch (InvalidInputException e) {
            throw DpsRefusals.invalid(String.valueOf(e.getMessage()));
        }
    }

    private void readAttestation(Kind kind, ObjectNode json, Optional<Enrollment> before) {
        if (!(json.path("attestation") instanceof ObjectNode attestation)) {
            throw DpsRefusals.invalid("attestation is missing");
        }
        String type = attestation.path("type").asText("");
        if (type.equals(Attestation.SYMMETRIC_KEY.wireName())) {
            ObjectNode keys = attestation.path("symmetricKey") instanceof ObjectNode given
                    ? given
                    : attestation.putObject("symmetricKey");
            List<SymmetricKey> old = before.filter(e -> e.attestation() == Attestation.SYMMETRIC_KEY)
                    .map(Enrollment::keys)
                    .orElse(List.of());
            readKey(keys, "primaryKey", old.stream().findFirst());
            readKey(keys, "secondaryKey", old.stream().skip(1).findFirst());
        } else if (type.equals(Attestation.X509.wireName())) {
            readCertificates(kind, attestation);
        } else if (type.equals(Attestation.TPM.wireName())) {
            refuseBadTpm(kind, attestation.path("tpm"));
        } else {
            throw DpsRefusals.invalid("attestation.type [" + type + "] must be symmetricKey, x509 or tpm");
        }
    }

    private void readKey(ObjectNode keys, String name, Optional<SymmetricKey> before) {
        String given = keys.path(name).asText("");
        try {
            SymmetricKey key = given.isEmpty() || keys.path(name).isNull()
                    ? before.orElseGet(() -> ids.key(KEY_BYTES))
                    : SymmetricKey.ofBase64(given);
            keys.put(name, key.base64());
        } catch (InvalidInputException e) {
            throw DpsRefusals.invalid("attestation.symmetricKey." + name + ": " + e.getMessage());
        }
    }

    private static void readCertificates(Kind kind, ObjectNode attestation) {
        JsonNode x509 = attestation.path("x509");
        String member = kind == Kind.INDIVIDUAL ? "clientCertificates" : "signingCertificates";
        if (x509.has("caReferences") && !x509.path("caReferences").isNull()) {
            throw DpsRefusals.invalid("attestation.x509.caReferences: this DPS holds no verified CA; give " + member);
        }
        if (!(x509.path(member).path("primary") instanceof ObjectNode)) {
            throw DpsRefusals.invalid("attestation.x509." + member + ".primary is missing");
        }
        Stream.of("primary", "secondary").forEach(slot -> {
            if (x509.path(member).path(slot) instanceof ObjectNode entry) {
                try {
                    X509Certificate certificate =
                            Certificates.read(entry.path("certificate").asText(""));
                    entry.put("certificate", Certificates.base64Der(certificate));
                    entry.set("info", Certificates.info(certificate));
                } catch (CertificateException e) {
                    throw DpsRefusals.invalid("attestation.x509." + member + "." + slot
                            + ".certificate cannot be read: it must be" + " PEM or base64 DER");
                }
            }
        });
    }

    private static void refuseBadTpm(Kind kind, JsonNode tpm) {
        if (kind == Kind.GROUP) {
            throw DpsRefusals.invalid("attestation.type [tpm] is for individual enrollments only");
        }
        try {
            if (Base64.getDecoder().decode(tpm.path("endorsementKey").asText("")).length == 0) {
                throw DpsRefusals.invalid("attestation.tpm.endorsementKey is missing");
            }
        } catch (IllegalArgumentException e) {
            throw DpsRefusals.invalid("attestation.tpm.endorsementKey is not base64");
        }
    }

    private static void defaults(ObjectNode json) {
        String status = json.path("provisioningStatus").asText("").toLowerCase(Locale.ROOT);
        if (!status.isEmpty()
                && !json.path("provisioningStatus").isNull()
                && !status.equals("enabled")
                && !status.equals("disabled")) {
            throw DpsRefusals.invalid("provisioningStatus [" + status + "] must be enabled or disabled");
        }
        json.put("provisioningStatus", status.equals("disabled") ? "disabled" : "enabled");
        if (!(json.path("reprovisionPolicy") instanceof ObjectNode policy)) {
            json.putObject("reprovisionPolicy").put("updateHubAssignment", true).put("migrateDeviceData", true);
        } else if (!policy.path("updateHubAssignment").asBoolean()
                && policy.path("migrateDeviceData").asBoolean()) {
            throw DpsRefusals.invalid("reprovisionPolicy: data cannot migrate when the assignment stays");
        }
        if (!(json.path("capabilities") instanceof ObjectNode)) {
            json.putObject("capabilities").put("iotEdge", false);
        }
    }

    /** Hubs that are named must be this one, the only one linked. */
    private void checkHubs(ObjectNode json) {
        Stream<String> named =
                Stream.concat(Stream.of(json.path("iotHubHostName").asText("")), texts(json.path("iotHubs")));
        named.filter(host -> !host.isEmpty() && !names.answersTo(host))
                .findFirst()
                .ifPresent(host -> {
                    throw DpsRefusals.invalid("IoT hub [" + host + "] is not linked; linked is " + names.primaryHost());
                });
    }

    private static Stream<String> texts(JsonNode array) {
        Stream.Builder<String> texts = Stream.builder();
        array.forEach(node -> texts.add(node.asText("")));
        return texts.build();
    }
}
