package io.hubwire.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.auth.ConnectionString;
import io.hubwire.auth.GroupKey;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.auth.TlsTrust;
import io.hubwire.auth.X509Identity;
import io.hubwire.dps.Assignment;
import io.hubwire.dps.Attestation;
import io.hubwire.dps.AttestationMechanism;
import io.hubwire.dps.AttestationMechanism.SymmetricKeys;
import io.hubwire.dps.BulkMode;
import io.hubwire.dps.BulkResult;
import io.hubwire.dps.DpsException;
import io.hubwire.dps.EnrollmentClient;
import io.hubwire.dps.EnrollmentGroup;
import io.hubwire.dps.EnrollmentOptions;
import io.hubwire.dps.Enrollments;
import io.hubwire.dps.IndividualEnrollment;
import io.hubwire.dps.ProvisioningClient;
import io.hubwire.dps.ProvisioningOptions;
import io.hubwire.dps.RegistrationState;
import io.hubwire.https.loopback.TestCa;
import io.hubwire.localhub.LocalHub;
import io.hubwire.localhub.engine.SharedAccessPolicy;
import io.hubwire.protocol.DeviceId;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.Identity;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Back end enrols, device registers, hub knows it: our clients against the local hub's DPS, over real TLS. */
@Timeout(60)
class ProvisioningOverHttpsTest {
    private static LocalHub hub;
    private static TlsTrust trust;
    private static EnrollmentClient backEnd;

    @BeforeAll
    static void start() {
        hub = LocalHub.start();
        trust = TlsTrust.pem(hub.caFile());
        SharedAccessPolicy owner = SharedAccessPolicy.dpsDefaults().get(0);
        ConnectionString policy = ConnectionString.ofPolicy(hub.host(), owner.name(), owner.primaryKey());
        backEnd = EnrollmentClient.open(EnrollmentOptions.of(policy)
                .https(h -> h.port(hub.httpsPort()).trust(trust))
                .build());
    }

    @AfterAll
    static void stop() {
        backEnd.close();
        hub.close();
    }

    @Test
    void a_device_with_generated_keys_is_assigned_and_known_to_the_hub() {
        backEnd.individuals()
                .blocking()
                .create(IndividualEnrollment.of(
                                "reg-1", AttestationMechanism.generatedKeys(), new DeviceId("fridge-17"))
                        .initialTwin("{\"tags\":{\"floor\":3}}")
                        .build());
        SymmetricKeys keys = (SymmetricKeys) backEnd.individuals().blocking().attestation("reg-1");
        Assignment assignment = register(Attestation.ofKey("reg-1", keys.primary()));
        assertThat(assignment.hubHostName()).isEqualTo(hub.host());
        assertThat(assignment.deviceId()).isEqualTo("fridge-17");
        assertThat(assignment.state().substatus()).isEqualTo("initialAssignment");
        assertThat(hub.engine()
                        .registry()
                        .get(Identity.device("fridge-17"))
                        .at("/authentication/symmetricKey/primaryKey")
                        .asText())
                .isEqualTo(keys.primary().base64());
        assertThat(register(Attestation.ofKey("reg-1", keys.secondary())).deviceId())
                .isEqualTo("fridge-17");
    }

    @Test
    void devices_of_a_group_register_with_derived_keys_and_not_with_the_groups() {
        backEnd.groups()
                .blocking()
                .create(EnrollmentGroup.of("line-4", AttestationMechanism.generatedKeys())
                        .build());
        SymmetricKey groupKey = ((SymmetricKeys) backEnd.groups().blocking().attestation("line-4")).primary();
        Assignment assignment = register(Attestation.ofGroupKey("press-1", groupKey));
        assertThat(assignment.deviceId()).isEqualTo("press-1");
        assertThat(assignment.state().enrollmentGroupId()).isEqualTo("line-4");
        register(Attestation.ofKey("press-2", GroupKey.deriveDeviceKey(groupKey, "press-2")));
        assertThatThrownBy(() -> register(Attestation.ofKey("press-3", groupKey)))
                .isInstanceOfSatisfying(DpsException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.UNAUTHORIZED);
                    assertThat(e.errorCode()).hasValue(401002);
                });
        assertThat(backEnd.registrations().blocking().list("line-4"))
                .extracting(RegistrationState::deviceId)
                .containsExactlyInAnyOrder("press-1", "press-2");
    }

    @Test
    void a_device_with_a_certificate_registers_by_an_individual_enrollment_or_by_its_authority() throws Exception {
        TestCa authority = new TestCa("factory root");
        X509Identity known = authority.clientIdentity("cert-1");
        X509Identity member = authority.clientIdentity("cert-2");
        backEnd.individuals()
                .blocking()
                .create(IndividualEnrollment.of(
                                "cert-1",
                                new AttestationMechanism.ClientCertificates(base64(known.certificate()), null))
                        .build());
        assertThat(register(Attestation.ofCertificate(known)).deviceId()).isEqualTo("cert-1");
        backEnd.groups()
                .blocking()
                .create(EnrollmentGroup.of(
                                "factory",
                                new AttestationMechanism.SigningCertificates(base64(authority.certificate()), null))
                        .build());
        Assignment assignment = register(Attestation.ofCertificate(member));
        assertThat(assignment.deviceId()).isEqualTo("cert-2");
        assertThat(assignment.state().enrollmentGroupId()).isEqualTo("factory");
        X509Identity stranger = new TestCa("elsewhere").clientIdentity("cert-3");
        assertThatThrownBy(() -> register(Attestation.ofCertificate(stranger)))
                .isInstanceOfSatisfying(
                        DpsException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAUTHORIZED));
    }

    @Test
    void a_disabled_enrollment_and_a_wrong_scope_are_told_apart() {
        SymmetricKey key = SymmetricKey.ofBytes(new byte[32]);
        backEnd.individuals()
                .blocking()
                .create(IndividualEnrollment.of("off-1", new SymmetricKeys(key, key))
                        .enabled(false)
                        .build());
        assertThatThrownBy(() -> register(Attestation.ofKey("off-1", key)))
                .isInstanceOfSatisfying(
                        DpsException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DISABLED));
        assertThatThrownBy(() -> register("0ne99999999", Attestation.ofKey("off-1", key)))
                .isInstanceOfSatisfying(
                        DpsException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAUTHORIZED));
    }

    @Test
    void a_registration_can_be_looked_up_and_forgotten() {
        SymmetricKey key = SymmetricKey.ofBytes(new byte[33]);
        backEnd.individuals()
                .blocking()
                .create(IndividualEnrollment.of("look-1", new SymmetricKeys(key, key))
                        .build());
        try (ProvisioningClient device = open(hub.idScope(), Attestation.ofKey("look-1", key))) {
            assertThat(device.blocking().lookUp().status()).isEqualTo(RegistrationState.Status.UNASSIGNED);
            device.blocking().register("{\"modelId\":\"dtmi:com:example:Thermostat;1\"}");
            assertThat(device.blocking().lookUp().assignedHub()).isEqualTo(hub.host());
            RegistrationState read = backEnd.registrations().blocking().get("look-1");
            assertThat(read.status()).isEqualTo(RegistrationState.Status.ASSIGNED);
            backEnd.registrations().blocking().delete(read);
            assertThat(device.blocking().lookUp().status()).isEqualTo(RegistrationState.Status.UNASSIGNED);
        }
    }

    @Test
    void enrollments_are_changed_by_etag_listed_and_deleted() {
        Consumer<Enrollments.Blocking<IndividualEnrollment>> lostRace = enrollments -> {
            IndividualEnrollment first =
                    enrollments.create(IndividualEnrollment.of("etag-1", AttestationMechanism.generatedKeys())
                            .build());
            enrollments.update(first.toBuilder().enabled(false).build());
            assertThatThrownBy(() -> enrollments.update(first))
                    .isInstanceOfSatisfying(
                            DpsException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PRECONDITION_FAILED));
            assertThat(enrollments.get("etag-1").isEnabled()).isFalse();
        };
        lostRace.accept(backEnd.individuals().blocking());
        BulkResult made = backEnd.individuals()
                .blocking()
                .bulk(
                        BulkMode.CREATE,
                        List.of(
                                IndividualEnrollment.of("bulk-1", AttestationMechanism.generatedKeys())
                                        .build(),
                                IndividualEnrollment.of("etag-1", AttestationMechanism.generatedKeys())
                                        .build()));
        assertThat(made.isSuccessful()).isFalse();
        assertThat(made.failures()).extracting(BulkResult.Failure::id).containsExactly("etag-1");
        assertThat(backEnd.individuals().blocking().list(Enrollments.ALL))
                .extracting(IndividualEnrollment::id)
                .contains("etag-1", "bulk-1");
        backEnd.individuals().blocking().delete("bulk-1");
        assertThatThrownBy(() -> backEnd.individuals().blocking().get("bulk-1"))
                .isInstanceOfSatisfying(DpsException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND);
                    assertThat(e.errorCode()).hasValue(404201);
                });
    }

    private static Assignment register(Attestation attestation) {
        return register(hub.idScope(), attestation);
    }

    private static Assignment register(String scope, Attestation attestation) {
        try (ProvisioningClient device = open(scope, attestation)) {
            return device.blocking().register();
        }
    }

    private static ProvisioningClient open(String scope, Attestation attestation) {
        return ProvisioningClient.open(ProvisioningOptions.of(scope, attestation)
                .host(hub.host())
                .https(h -> h.port(hub.httpsPort()).trust(trust))
                .limit(Duration.ofSeconds(20))
                .build());
    }

    private static String base64(X509Certificate certificate) throws CertificateEncodingException {
        return Base64.getEncoder().encodeToString(certificate.getEncoded());
    }
}
