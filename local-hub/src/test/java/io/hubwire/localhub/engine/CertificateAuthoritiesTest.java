package io.hubwire.localhub.engine;

import static io.hubwire.localhub.engine.TestHub.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.AccessControl.Credentials;
import io.hubwire.localhub.engine.Provisioning.DpsRefusal;
import io.hubwire.localhub.engine.Provisioning.Kind;
import io.hubwire.localhub.engine.TestCertificates.Issued;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.InvalidInputException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Devices that come by an authority's certificate: to the hub, and to DPS. Sources: sas-auth 8, dps 2.6. */
@Timeout(60)
class CertificateAuthoritiesTest {
    private static final String SCOPE = TestHub.NAMES.idScope();
    private static final String CA_SIGNED = "{'authentication':{'type':'certificateAuthority'}}";
    private static final ETagMatch NEW = new ETagMatch.Absent();

    private final TestHub hub = new TestHub();
    private final Provisioning dps = hub.engine.provisioning();
    private final Issued root = TestCertificates.selfSigned("root");
    private final Issued intermediate = root.issueAuthority("intermediate");

    @AfterEach
    void close() {
        hub.close();
    }

    @Test
    void the_hub_lets_in_a_device_whose_chain_leads_to_an_authority() {
        hub.engine.authorities().put("factory", root.certificate());
        Identity device = create(Identity.device("press-1"));
        assertThat(enter(device, root.issue("press-1")).authMethod()).contains("\"type\":\"x509\"");
        assertThat(enter(device, intermediate.issue("press-1"), intermediate).validUntil())
                .isNull();
        assertThat(enter(device, intermediate.issue("press-1"), intermediate, root)
                        .identity())
                .isEqualTo(device);
        Identity module = create(Identity.module("press-1", "camera"));
        assertThat(enter(module, root.issue("press-1/camera")).identity()).isEqualTo(module);
    }

    @Test
    void the_hub_refuses_other_names_gaps_strangers_leaves_as_issuers_and_what_is_out_of_its_time() {
        hub.engine.authorities().put("factory", root.certificate());
        Identity device = create(Identity.device("press-1"));
        refused(device, "the certificate is for [Press-1]", root.issue("Press-1"));
        refused(device, "leads to no authority", intermediate.issue("press-1"));
        refused(device, "leads to no authority", TestCertificates.selfSigned("press-1"));
        Issued stranger = TestCertificates.selfSigned("root");
        refused(device, "leads to no authority", stranger.issue("press-1"), root);
        Issued leaf = root.issue("press-2");
        refused(device, "leads to no authority", leaf.issue("press-1"), leaf);
        Issued own = root.issue("press-1");
        assertThat(hub.engine.authorities().remove("factory")).isTrue();
        refused(device, "leads to no authority", own);
        hub.engine.authorities().put("factory", root.certificate());
        enter(device, own);
        hub.time.advance(Duration.ofDays(31));
        refused(device, "the certificate is good from", own);
    }

    @Test
    void an_authority_has_a_name_and_may_issue() {
        assertThatThrownBy(() -> hub.engine.authorities().put(" ", root.certificate()))
                .isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() ->
                        hub.engine.authorities().put("x", root.issue("leaf").certificate()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("basic constraints");
        hub.engine.authorities().put("x", root.certificate());
        hub.engine.authorities().put("x", intermediate.certificate());
        assertThat(hub.engine.authorities().all()).containsOnlyKeys("x").containsValue(intermediate.certificate());
        assertThat(hub.engine.authorities().find("y")).isEmpty();
        assertThat(hub.engine.authorities().remove("y")).isFalse();
    }

    @Test
    void dps_lets_devices_in_by_the_authorities_that_an_enrollment_refers_to() {
        hub.engine.authorities().put("factory", root.certificate());
        hub.engine
                .authorities()
                .put("next", TestCertificates.selfSigned("next root").certificate());
        dps.putEnrollment(
                Kind.GROUP,
                "presses",
                json(
                        "{'attestation':{'type':'x509','x509':{'caReferences':{'primary':'next','secondary':'factory'}}}}"),
                NEW);
        dps.putEnrollment(
                Kind.INDIVIDUAL,
                "press-9",
                json("{'attestation':{'type':'x509','x509':{'caReferences':{'primary':'factory'}}},'deviceId':'nine'}"),
                NEW);

        ObjectNode state = provision("press-1", intermediate.issue("press-1"), intermediate);
        assertThat(state.at("/x509/enrollmentGroupId").asText()).isEqualTo("presses");
        assertThat(state.at("/x509/signingCertificateInfo/subjectName").asText())
                .isEqualTo("CN=root");
        assertThat(provision("press-9", root.issue("press-9")).path("deviceId").asText())
                .isEqualTo("nine");
        unauthorized("press-9", TestCertificates.selfSigned("press-9"));
        unauthorized("press-2", intermediate.issue("press-2"));
        hub.engine.authorities().remove("factory");
        unauthorized("press-1", root.issue("press-1"));
        unauthorized("press-9", root.issue("press-9"));
    }

    @Test
    void the_group_of_the_nearest_issuer_decides_even_if_it_is_disabled() {
        group("far", root, "enabled");
        group("near", intermediate, "disabled");
        assertThat(provision("d-1", intermediate.issue("d-1"), intermediate)
                        .path("status")
                        .asText())
                .isEqualTo("disabled");
        assertThat(provision("d-2", root.issue("d-2"))
                        .at("/x509/enrollmentGroupId")
                        .asText())
                .isEqualTo("far");
        Issued leaf = root.issue("d-3");
        assertThatThrownBy(() -> group("none", leaf, "enabled"))
                .isInstanceOfSatisfying(
                        DpsRefusal.class, e -> assertThat(e.errorCode()).isEqualTo(400004))
                .hasMessageContaining("no authority's");
    }

    private void group(String id, Issued signing, String status) {
        ObjectNode group = json("{'attestation':{'type':'x509','x509':{'signingCertificates':{'primary':{}}}},"
                + "'provisioningStatus':'" + status + "'}");
        ((ObjectNode) group.at("/attestation/x509/signingCertificates/primary"))
                .put("certificate", TestCertificates.base64(signing.certificate()));
        dps.putEnrollment(Kind.GROUP, id, group, NEW);
    }

    private Identity create(Identity identity) {
        hub.engine.registry().create(identity, json(CA_SIGNED));
        return identity;
    }

    private AccessControl.DeviceAccess enter(Identity identity, Issued... chain) {
        return hub.engine.access().device(identity, credentials(chain));
    }

    private void refused(Identity identity, String why, Issued... chain) {
        assertThatThrownBy(() -> enter(identity, chain))
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.error()).isEqualTo(HubError.IOT_HUB_UNAUTHORIZED))
                .hasMessageContaining(why);
    }

    private ObjectNode provision(String id, Issued... chain) {
        String operation = dps.register(SCOPE, id, credentials(chain), json("{}"), null)
                .body()
                .path("operationId")
                .asText();
        hub.time.advance(Duration.ofSeconds(1));
        return (ObjectNode)
                dps.operation(SCOPE, id, credentials(chain), operation).body().path("registrationState");
    }

    private void unauthorized(String id, Issued... chain) {
        assertThatThrownBy(() -> dps.register(SCOPE, id, credentials(chain), json("{}"), null))
                .isInstanceOfSatisfying(
                        DpsRefusal.class, e -> assertThat(e.errorCode()).isEqualTo(401002));
    }

    private static Credentials credentials(Issued... chain) {
        List<X509Certificate> certificates =
                List.of(chain).stream().map(Issued::certificate).toList();
        return new Credentials.Certificate(certificates);
    }
}
