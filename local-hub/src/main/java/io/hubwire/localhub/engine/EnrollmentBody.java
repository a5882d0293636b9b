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
import java.net.URI;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a back end writes of an enrollment, checked and completed: ids, keys, certificates with their description,
 * defaults, times. Members it does not know stay. Refusals are 400004. Source: dps 6.1.
 */
final class EnrollmentBody {
    /** DPS makes longer keys than the hub. */
    private static final int KEY_BYTES = 64;

    private final LinkedHubs hubs;
    private final CertificateAuthorities authorities;
    private final HubTwins twins;
    private final Ids ids;

    EnrollmentBody(LinkedHubs hubs, CertificateAuthorities authorities, HubTwins twins, Ids ids) {
        this.hubs = hubs;
        this.authorities = authorities;
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
        checkAllocation(new Enrollment(kind, json));
        if (json.path("initialTwin") instanceof ObjectNode twin) {
            checkInitialTwin(twin);
        }
        json.remove("registrationState");
        json.put("etag", "\"" + ids.uuid() + "\"");
        json.put(
                "createdDateTimeUtc",
                before.map(e -> e.json().path("createdDateTimeUtc").asText()).orElse(WireTime.format(now)));
        json.put("lastUpdatedDateTimeUtc", WireTime.format(now));
        return new Enrollment(kind, json);
    }

    /** Now, rather than when a device registers. */
    private void checkInitialTwin(ObjectNode twin) {
        try {
            twins.initial(twin);
        } catch (HubException bad) {
            throw DpsRefusals.invalid("initialTwin: " + bad.detail());
        }
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

    private void readCertificates(Kind kind, ObjectNode attestation) {
        JsonNode x509 = attestation.path("x509");
        String member = kind == Kind.INDIVIDUAL ? "clientCertificates" : "signingCertificates";
        if (x509.hasNonNull("caReferences")) {
            requireKnownAuthorities(x509.path("caReferences"));
            return;
        }
        if (!(x509.path(member).path("primary") instanceof ObjectNode)) {
            throw DpsRefusals.invalid("attestation.x509." + member + ".primary is missing");
        }
        Stream.of("primary", "secondary").forEach(slot -> {
            if (x509.path(member).path(slot) instanceof ObjectNode entry) {
                try {
                    X509Certificate certificate =
                            Certificates.read(entry.path("certificate").asText(""));
                    if (kind == Kind.GROUP && !Certificates.isAuthority(certificate)) {
                        throw DpsRefusals.invalid("attestation.x509." + member + "." + slot
                                + " is no authority's: its basic constraints do not say CA");
                    }
                    entry.put("certificate", Certificates.base64Der(certificate));
                    entry.set("info", Certificates.info(certificate));
                } catch (CertificateException e) {
                    throw DpsRefusals.invalid("attestation.x509." + member + "." + slot
                            + ".certificate cannot be read: it must be" + " PEM or base64 DER");
                }
            }
        });
    }

    private void requireKnownAuthorities(JsonNode references) {
        if (references.path("primary").asText("").isEmpty()) {
            throw DpsRefusals.invalid("attestation.x509.caReferences.primary is missing");
        }
        for (String slot : List.of("primary", "secondary")) {
            String name = references.path(slot).asText("");
            if (!name.isEmpty() && authorities.find(name).isEmpty()) {
                throw DpsRefusals.invalid("attestation.x509.caReferences." + slot + ": there is no certificate [" + name
                        + "]; known are " + authorities.all().keySet());
            }
        }
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

    /** Hubs that are named must be linked; a custom policy needs somebody to ask. */
    private void checkAllocation(Enrollment enrollment) {
        String policy = enrollment.json().path("allocationPolicy").asText("");
        if (!policy.isEmpty() && Enrollment.Allocation.find(policy).isEmpty()) {
            throw DpsRefusals.invalid("allocationPolicy [" + policy + "] must be hashed, geoLatency, static or custom");
        }
        enrollment.hubs().stream()
                .filter(host -> hubs.find(host).isEmpty())
                .findFirst()
                .ifPresent(host -> {
                    throw DpsRefusals.invalid("IoT hub [" + host + "] is not linked; linked are " + hubs.hosts());
                });
        if (enrollment.allocation() == Enrollment.Allocation.CUSTOM && !isHttp(enrollment.webhook())) {
            throw DpsRefusals.invalid(
                    "customAllocationDefinition.webhookUrl must be an http or https address, for allocationPolicy custom");
        }
        if (enrollment.allocation() == Enrollment.Allocation.STATIC
                && enrollment.hubs().isEmpty()) {
            throw DpsRefusals.invalid("iotHubs is empty; allocationPolicy static needs the hub's name");
        }
    }

    private static boolean isHttp(@Nullable URI address) {
        return address != null
                && address.getHost() != null
                && ("http".equalsIgnoreCase(address.getScheme()) || "https".equalsIgnoreCase(address.getScheme()));
    }
}
