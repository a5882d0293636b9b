package io.hubwire.localhub.engine;

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
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.json.Json;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a device is who it says, and by which enrollment: an individual one first, then the groups. A wrong
 * guess learns nothing but 401002. Source: dps 2.5 and 2.6.
 */
final class Attestor {
    private final String idScope;
    private final Enrollments enrollments;
    private final SasVerifier verifier;
    private final Clock clock;

    Attestor(EngineOptions options, Enrollments enrollments, Clock clock) {
        this.idScope = options.names().idScope();
        this.enrollments = enrollments;
        this.verifier = new SasVerifier(options.clockSkew());
        this.clock = clock;
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
            ObjectNode proof) {}

    /**
     * Finds the enrollment by which the device may come in.
     *
     * @throws DpsRefusal 400004 for an id that breaks the rules, 401002 for anything else
     */
    Attested attest(String scope, String id, Credentials credentials) {
        RegistrationId registrationId;
        try {
            registrationId = new RegistrationId(id);
        } catch (InvalidInputException e) {
            throw DpsRefusals.invalid(String.valueOf(e.getMessage()));
        }
        if (!scope.equals(idScope)) {
            throw DpsRefusals.unauthorized("there is no id scope [" + scope + "]");
        }
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

    private Attested byOwnKey(Enrollment enrollment, RegistrationId id, SasToken token) {
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

    /** From the leaf upwards; the first group found decides, even if it is disabled. */
    private Attested byIssuer(RegistrationId id, List<X509Certificate> chain) {
        List<Enrollment> groups = enrollments.all(Kind.GROUP).stream()
                .filter(group -> group.attestation() == Enrollment.Attestation.X509)
                .toList();
        for (int i = 0; i < chain.size(); i++) {
            X509Certificate certificate = chain.get(i);
            if (i > 0 && !Certificates.isIssuedBy(chain.get(i - 1), certificate)) {
                break; // a gap
            }
            for (Enrollment group : groups) {
                for (X509Certificate signing : certificates(group)) {
                    if (Certificates.isIssuedBy(certificate, signing)) {
                        ObjectNode proof = Json.object().put("enrollmentGroupId", group.id());
                        proof.set("certificateInfo", Certificates.info(chain.get(0)));
                        proof.set("signingCertificateInfo", Certificates.info(signing));
                        return new Attested(
                                group,
                                id,
                                selfSigned(Thumbprints.of(chain.get(0)).get(1), null),
                                "x509",
                                proof);
                    }
                }
            }
        }
        throw DpsRefusals.unauthorized("Invalid certificate: no enrollment group's certificate is its issuer");
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
