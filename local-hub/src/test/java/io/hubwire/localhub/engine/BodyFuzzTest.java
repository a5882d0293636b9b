package io.hubwire.localhub.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.Provisioning.DpsRefusal;
import io.hubwire.localhub.engine.Provisioning.Kind;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.json.Json;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.provider.MethodSource;

/** Bodies of the service APIs: taken, or refused with the hub's or the DPS's error. How to fuzz: CONTRIBUTING.md. */
class BodyFuzzTest {
    /** One for all, as it takes longer to make than to ask. */
    private static final TestHub HUB = new TestHub();

    private static final Identity DEVICE = Identity.device("dev1");
    private static final Identity MODULE = HUB.module(HUB.device("parent").deviceId(), "m1");

    @AfterAll
    static void close() {
        HUB.close();
    }

    @MethodSource("identities")
    @FuzzTest(maxDuration = "1m")
    void identities(byte[] utf8) {
        object(utf8).ifPresent(body -> {
            try {
                ObjectNode made = HUB.engine.registry().create(DEVICE, body);
                assertThat(HUB.engine.registry().get(DEVICE)).isEqualTo(made);
                HUB.engine.registry().update(DEVICE, body, new ETagMatch.Any());
            } catch (HubException refused) {
                assertThat(refused.error().httpStatus()).isEqualTo(400);
            } finally {
                HUB.engine.registry().list(1000).stream()
                        .filter(found -> found.path("deviceId").asText().equals(DEVICE.deviceId()))
                        .forEach(found -> HUB.engine.registry().delete(DEVICE, new ETagMatch.Any()));
            }
            try {
                HUB.engine.registry().update(MODULE, body, new ETagMatch.Any());
            } catch (HubException refused) {
                assertThat(refused.error().httpStatus()).isEqualTo(400);
            }
        });
    }

    /** Also the lines of an import. */
    @MethodSource("items")
    @FuzzTest(maxDuration = "1m")
    void bulk_items(byte[] utf8) {
        object(utf8).ifPresent(item -> {
            try {
                ObjectNode answer = HUB.engine.registry().bulk(Json.array().add(item));
                assertThat(answer.path("isSuccessful").asBoolean())
                        .isEqualTo(answer.path("errors").isEmpty());
            } catch (HubException refused) {
                assertThat(refused.error().httpStatus()).isEqualTo(400);
            }
            HUB.engine.registry().list(1000).stream()
                    .map(found -> Identity.device(found.path("deviceId").asText()))
                    .filter(found -> !found.deviceId().equals(MODULE.deviceId()))
                    .forEach(found -> HUB.engine.registry().delete(found, new ETagMatch.Any()));
        });
    }

    @MethodSource("enrollments")
    @FuzzTest(maxDuration = "1m")
    void enrollments(byte[] utf8) {
        object(utf8).ifPresent(body -> {
            for (Kind kind : Kind.values()) {
                try {
                    ObjectNode made = HUB.engine
                            .provisioning()
                            .putEnrollment(kind, "reg1", body.deepCopy(), new ETagMatch.Absent());
                    assertThat(made.path("etag").asText()).isNotEmpty();
                    assertThat(HUB.engine.provisioning().attestation(kind, "reg1"))
                            .isNotEmpty();
                    HUB.engine
                            .provisioning()
                            .putEnrollment(
                                    kind,
                                    "reg1",
                                    body.deepCopy(),
                                    new ETagMatch.Tag(made.path("etag").asText().replace("\"", "")));
                    HUB.engine.provisioning().deleteEnrollment(kind, "reg1", new ETagMatch.Any());
                } catch (DpsRefusal refused) {
                    assertThat(refused.status()).isEqualTo(400);
                }
            }
        });
    }

    @MethodSource("twins")
    @FuzzTest(maxDuration = "1m")
    void twins(byte[] utf8) {
        object(utf8).ifPresent(body -> {
            try {
                HUB.engine.twins().patch(MODULE, body, new ETagMatch.Any());
                HUB.engine.twins().replace(MODULE, body, new ETagMatch.Any());
            } catch (HubException refused) {
                assertThat(refused.error().httpStatus()).isIn(400, 412);
            }
            assertThat(HUB.engine.twins().get(MODULE).path("version").isIntegralNumber())
                    .isTrue();
        });
    }

    private static Optional<ObjectNode> object(byte[] utf8) {
        try {
            return Optional.of(Json.parseObject("body", utf8));
        } catch (RemoteProtocolException notJson) {
            return Optional.empty();
        }
    }

    static Stream<byte[]> identities() {
        return texts(
                "{'deviceId':'dev1','status':'disabled','statusReason':'x','capabilities':{'iotEdge':true},'parentScopes':['a',1]}",
                "{'authentication':{'type':'sas','symmetricKey':{'primaryKey':'MDEyMzQ1Njc4OWFiY2RlZg==','secondaryKey':''}}}",
                "{'authentication':{'type':'selfSigned','x509Thumbprint':{'primaryThumbprint':'0123456789abcdef0123456789abcdef01234567'}}}",
                "{'authentication':{'type':'certificateAuthority'},'deviceScope':'ms-azure-iot-edge://x-1','managedBy':null}",
                "{'moduleId':'m1','deviceId':'parent','authentication':[]}",
                "{}");
    }

    static Stream<byte[]> items() {
        return texts(
                "{'id':'d1','importMode':'create','status':'enabled','authentication':{'type':'sas'},'tags':{'a':1},"
                        + "'properties':{'desired':{'b':{'c':2}}}}",
                "{'id':'parent','moduleId':'m1','importMode':'updateIfMatchETag','eTag':'x','tags':{'a':null}}",
                "{'id':'parent','importMode':'updateTwin','tags':{'a.b':[]},'properties':7}",
                "{'id':'e1','importMode':'createOrUpdate','capabilities':{'iotEdge':true},'deviceScope':'ms-azure-iot-edge://x-1'}",
                "{'id':'d1','importMode':'delete'}",
                "{'id':7,'importMode':null}");
    }

    static Stream<byte[]> enrollments() {
        return texts(
                "{'registrationId':'reg1','attestation':{'type':'symmetricKey','symmetricKey':{'primaryKey':'','secondaryKey':null}},"
                        + "'deviceId':'d','provisioningStatus':'Enabled','reprovisionPolicy':{'updateHubAssignment':true},"
                        + "'initialTwin':{'tags':{'a':1},'properties':{'desired':{'b':2}}},'iotHubs':['" + TestHub.HOST
                        + "']}",
                "{'enrollmentGroupId':'reg1','attestation':{'type':'x509','x509':{'signingCertificates':{'primary':{'certificate':'AAAA'}}}}}",
                "{'attestation':{'type':'x509','x509':{'caReferences':{'primary':'root','secondary':null}}}}",
                "{'attestation':{'type':'tpm','tpm':{'endorsementKey':'AAAA'}},'allocationPolicy':'custom',"
                        + "'customAllocationDefinition':{'webhookUrl':'http://[','apiVersion':'1'}}",
                "{'attestation':{'type':'symmetricKey'},'allocationPolicy':'static','iotHubHostName':'nowhere'}",
                "{}");
    }

    static Stream<byte[]> twins() {
        return texts(
                "{'tags':{'floor':2,'gone':null},'properties':{'desired':{'a':{'b':[1,{'c':null}]}}}}",
                "{'properties':{'desired':{'$version':1,'a.b':1}}}",
                "{'tags':[],'properties':7}",
                "{}");
    }

    private static Stream<byte[]> texts(String... texts) {
        return Stream.of(texts).map(text -> text.replace('\'', '"').getBytes(UTF_8));
    }
}
