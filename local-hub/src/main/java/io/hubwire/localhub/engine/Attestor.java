package io.hubwire.localhub.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.auth.AudienceRule;
import io.hubwire.auth.GroupKey;
import io.hubwire.auth.RegistrationId;
import io.hubwire.auth.SasToken;
import io.hubwire.auth.SasVerifier;
import io.hubwire.auth.SasVerifier.Outcome;
import io.hubwire.auth.SasVerifier.Verdict;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.localhub.engine.AccessControl.Credentials;
import io.hubwire.localhub.engine.Provisioning.DpsRefusal;
import io.hubwire.localhub.engine.Provisioning.Kind;
import io.hubwire.protocol.DpsError;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.json.Json;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a device is who it says, and by which enrollment: an individual one first, then the groups. A wrong
 * guess learns nothing but 401002. Source: dps 2.5 and 2.6.
 */
final class Attestor {
    private static final String TPM = "tpm";

    private final String idScope;
    private final Enrollments enrollments;
    private final CertificateAuthorities authorities;
    private final TpmKeys tpmKeys;
    private final SasVerifier verifier;
    private final Clock clock;

    Attestor(
            EngineOptions options,
            Enrollments enrollments,
            CertificateAuthorities authorities,
            TpmKeys tpmKeys,
            Clock clock) {
        this.idScope = options.names().idScope();
        this.enrollments = enrollments;
        this.authorities = authorities;
        this.tpmKeys = tpmKeys;
        this.verifier = new SasVerifier(options.clockSkew());
        this.clock = clock;
    }

    /** What comes of an attempt to register. */
    sealed interface Result {}

    /**
     * A chip has to show first that it can open an envelope: HTTP 401 with a key, as no other 401 has. Source: dps 2.7.
     *
     * @param authenticationKey base64
     */
    record Challenge(String authenticationKey) implements Result {
        int status() {
            return 401;
        }

        ObjectNode body() {
            return Json.object()
                    .put("message", "Authorization required.")
                    .put("authenticationKey", authenticationKey)
                    .put("keyName", "registration");
        }
    }

    /**
     * A device that has proven who it is.
     *
     * @param authentication what the hub will know it by
     * @param proof the member of the registration state that tells how: its name and its content
     */
    record Attested(
            Enrollment enrollment,
            RegistrationId registrationId,
            Authentication authentication,
            String proofName,
            ObjectNode proof)
            implements Result {}

    /**
     * Finds the enrollment by which the device may register, or challenges its chip.
     *
     * @param body of the request; its {@code tpm} member presents a chip
     * @throws DpsRefusal as {@link #attest(String, String, Credentials)}; 404201 for a chip that nobody enrolled, 400004 for
     *     a chip without an endorsement key
     */
    Result attest(String scope, String id, Credentials credentials, JsonNode body) {
        if (credentials instanceof Credentials.None && body.path(TPM).isObject()) {
            RegistrationId registrationId = registrationId(scope, id);
            TpmKeys.Chip chip = chip(body.path(TPM));
            Enrollment enrollment = enrollments
                    .find(Kind.INDIVIDUAL, id)
                    .orElseThrow(() -> DpsRefusals.refusal(DpsError.ENROLLMENT_NOT_FOUND, "Enrollment not found."));
            requireChip(enrollment, chip);
            return new Challenge(tpmKeys.challenge(registrationId.value(), chip));
        }
        Attested attested = attest(scope, id, credentials);
        if (attested.proofName().equals(TPM) && body.path(TPM).isObject()) {
            requireChip(attested.enrollment(), chip(body.path(TPM)));
        }
        return attested;
    }

    /** Forgets what was made for a chip, when its enrollment goes. */
    void forget(String registrationId) {
        tpmKeys.forget(registrationId);
    }

    /**
     * Finds the enrollment by which the device may come in.
     *
     * @throws DpsRefusal 400004 for an id that breaks the rules, 401002 for anything else
     */
    Attested attest(String scope, String id, Credentials credentials) {
        RegistrationId registrationId = registrationId(scope, id);
        Optional<Enrollment> individual = enrollments.find(Kind.INDIVIDUAL, id);
        if (credentials instanceof Credentials.Sas sas) {
            SasToken token = parse(sas.token());
            return individual.isPresent()
                    ? byOwnKey(individual.get(), registrationId, token)
                    : byDerivedKey(registrationId, token);
        }
        if (credentials instanceof Credentials.Certificate certificate) {
            requireName(certificate.chain().get(0), registrationId);
            return individual.isPresent()
                    ? byOwnCertificate(individual.get(), registrationId, certificate.chain())
                    : byIssuer(registrationId, certificate.chain());
        }
        throw DpsRefusals.unauthorized("neither a token nor a client certificate was presented");
    }

    private RegistrationId registrationId(String scope, String id) {
        RegistrationId registrationId;
        try {
            registrationId = new RegistrationId(id);
        } catch (InvalidInputException e) {
            throw DpsRefusals.invalid(String.valueOf(e.getMessage()));
        }
        if (!scope.equals(idScope)) {
            throw DpsRefusals.unauthorized("there is no id scope [" + scope + "]");
        }
        return registrationId;
    }

    private static TpmKeys.Chip chip(JsonNode tpm) {
        String endorsementKey = tpm.path("endorsementKey").asText("");
        if (endorsementKey.isEmpty()) {
            throw DpsRefusals.invalid("tpm.endorsementKey is missing");
        }
        String storageRootKey = tpm.path("storageRootKey").asText("");
        try {
            Base64.getDecoder().decode(endorsementKey);
            Base64.getDecoder().decode(storageRootKey);
        } catch (IllegalArgumentException e) {
            throw DpsRefusals.invalid("tpm.endorsementKey and tpm.storageRootKey must be base64");
        }
        return new TpmKeys.Chip(endorsementKey, storageRootKey);
    }

    private static void requireChip(Enrollment enrollment, TpmKeys.Chip chip) {
        if (enrollment.attestation() != Enrollment.Attestation.TPM) {
            throw DpsRefusals.unauthorized(
                    "the enrollment attests by " + enrollment.attestation().wireName());
        }
        if (!Arrays.equals(enrollment.endorsementKey(), Base64.getDecoder().decode(chip.endorsementKey()))) {
            throw DpsRefusals.unauthorized("the endorsement key is not the enrolled one");
        }
    }

    /** The token must be signed by the chip, with the key of the last challenge. */
    private Attested byChip(Enrollment enrollment, RegistrationId id, SasToken token) {
        TpmKeys.Keys keys =
                tpmKeys.find(id.value()).orElseThrow(() -> DpsRefusals.unauthorized("the chip was never challenged"));
        requireOk(verify(token, id, List.of(keys.forDps())));
        ObjectNode proof = Json.object().put("authenticationKey", tpmKeys.sealedForHub(keys));
        return new Attested(enrollment, id, keys.authentication(), TPM, proof);
    }

    private Attested byOwnKey(Enrollment enrollment, RegistrationId id, SasToken token) {
        if (enrollment.attestation() == Enrollment.Attestation.TPM) {
            return byChip(enrollment, id, token);
        }
        if (enrollment.attestation() != Enrollment.Attestation.SYMMETRIC_KEY) {
            throw DpsRefusals.unauthorized(
                    "the enrollment attests by " + enrollment.attestation().wireName());
        }
        List<SymmetricKey> keys = enrollment.keys();
        requireOk(verify(token, id, keys));
        Authentication authentication = Authentication.sas(keys.get(0), keys.get(1));
        return new Attested(enrollment, id, authentication, "symmetricKey", Json.object());
    }

    /** The key of a group's device follows from the id as the device spells it: open-questions 56. */
    private Attested byDerivedKey(RegistrationId id, SasToken token) {
        Verdict last = new Verdict(Outcome.BAD_SIGNATURE, "no enrollment fits", Optional.empty());
        for (Enrollment group : enrollments.all(Kind.GROUP)) {
            if (group.attestation() == Enrollment.Attestation.SYMMETRIC_KEY) {
                List<SymmetricKey> keys = group.keys().stream()
                        .map(key -> GroupKey.deriveDeviceKey(key, id))
                        .toList();
                last = verify(token, id, keys);
                if (last.outcome() != Outcome.BAD_SIGNATURE) {
                    requireOk(last);
                    Authentication authentication = Authentication.sas(keys.get(0), keys.get(1));
                    ObjectNode proof = Json.object().put("enrollmentGroupId", group.id());
                    return new Attested(group, id, authentication, "symmetricKey", proof);
                }
            }
        }
        throw DpsRefusals.unauthorized(last.detail());
    }

    private Attested byOwnCertificate(Enrollment enrollment, RegistrationId id, List<X509Certificate> chain) {
        if (enrollment.attestation() != Enrollment.Attestation.X509) {
            throw DpsRefusals.unauthorized(
                    "the enrollment attests by " + enrollment.attestation().wireName());
        }
        List<X509Certificate> referenced = referenced(enrollment);
        if (!referenced.isEmpty()) {
            if (Certificates.anchorOf(chain, referenced, clock.instant()).isEmpty()) {
                throw DpsRefusals.unauthorized(
                        "Invalid certificate: its chain does not lead to the enrollment's authority");
            }
            return new Attested(
                    enrollment, id, selfSigned(Thumbprints.of(chain.get(0)).get(1), null), "x509", Json.object());
        }
        List<String> thumbprints = new ArrayList<>();
        boolean known = false;
        for (X509Certificate enrolled : certificates(enrollment)) {
            thumbprints.add(Thumbprints.of(enrolled).get(1));
            known |= enrolled.equals(chain.get(0));
        }
        if (!known) {
            throw DpsRefusals.unauthorized("Invalid certificate: it is not the enrolled one");
        }
        Authentication authentication =
                selfSigned(thumbprints.get(0), thumbprints.size() > 1 ? thumbprints.get(1) : null);
        return new Attested(enrollment, id, authentication, "x509", Json.object());
    }

    /** The group of the nearest issuer decides, even if it is disabled. */
    private Attested byIssuer(RegistrationId id, List<X509Certificate> chain) {
        Map<X509Certificate, Enrollment> groups = new LinkedHashMap<>();
        for (Enrollment group : enrollments.all(Kind.GROUP)) {
            if (group.attestation() == Enrollment.Attestation.X509) {
                certificates(group).forEach(signing -> groups.putIfAbsent(signing, group));
                referenced(group).forEach(authority -> groups.putIfAbsent(authority, group));
            }
        }
        X509Certificate signing = Certificates.anchorOf(chain, groups.keySet(), clock.instant())
                .orElseThrow(() -> DpsRefusals.unauthorized(
                        "Invalid certificate: no enrollment group's certificate is its issuer"));
        Enrollment group = Objects.requireNonNull(groups.get(signing));
        X509Certificate leaf = chain.get(0);
        ObjectNode proof = Json.object().put("enrollmentGroupId", group.id());
        proof.set("certificateInfo", Certificates.info(leaf));
        proof.set("signingCertificateInfo", Certificates.info(signing));
        return new Attested(group, id, selfSigned(Thumbprints.of(leaf).get(1), null), "x509", proof);
    }

    /** Authorities that the enrollment names, as far as they are still there. */
    private List<X509Certificate> referenced(Enrollment enrollment) {
        return enrollment.caReferences().stream()
                .flatMap(name -> authorities.find(name).stream())
                .toList();
    }

    /** The hub knows a device that DPS let in by its certificate's thumbprint. */
    private static Authentication selfSigned(String primary, @Nullable String secondary) {
        return new Authentication(Authentication.Type.SELF_SIGNED, null, null, primary, secondary);
    }

    private void requireName(X509Certificate leaf, RegistrationId id) {
        String name = Certificates.commonName(leaf).orElse("");
        if (!name.equalsIgnoreCase(id.value())) {
            throw DpsRefusals.unauthorized("the certificate is for [" + name + "], not for [" + id + "]");
        }
        if (!Certificates.isValidAt(leaf, clock.instant())) {
            throw DpsRefusals.unauthorized("Invalid certificate: it is good from "
                    + leaf.getNotBefore().toInstant() + " to "
                    + leaf.getNotAfter().toInstant());
        }
    }

    private Verdict verify(SasToken token, RegistrationId id, List<SymmetricKey> keys) {
        return verifier.verify(token, AudienceRule.ofRegistration(idScope, id), keys, clock.instant());
    }

    private static void requireOk(Verdict verdict) {
        if (!verdict.isOk()) {
            throw DpsRefusals.unauthorized(verdict.detail());
        }
    }

    private static SasToken parse(String text) {
        try {
            return SasToken.parse(text);
        } catch (InvalidInputException e) {
            throw DpsRefusals.unauthorized("the token cannot be read: " + e.getMessage());
        }
    }

    private static List<X509Certificate> certificates(Enrollment enrollment) {
        List<X509Certificate> certificates = new ArrayList<>();
        for (String text : enrollment.certificates()) {
            try {
                certificates.add(Certificates.read(text));
            } catch (CertificateException e) {
                throw new IllegalStateException("a stored certificate is damaged", e);
            }
        }
        return certificates;
    }
}
