package io.hubwire.localhub.engine;

import static io.hubwire.localhub.engine.TestHub.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.auth.GroupKey;
import io.hubwire.auth.SasToken;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.localhub.engine.AccessControl.Credentials;
import io.hubwire.localhub.engine.DeviceSession.CloseReason;
import io.hubwire.localhub.engine.Provisioning.Answer;
import io.hubwire.localhub.engine.Provisioning.DpsRefusal;
import io.hubwire.localhub.engine.Provisioning.Kind;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.json.Json;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class HubProvisioningTest {
    private static final String SCOPE = TestHub.NAMES.idScope();
    private static final ETagMatch NEW = new ETagMatch.Absent();
    private static final ETagMatch ANY = new ETagMatch.Any();

    private final TestHub hub = new TestHub();
    private final Provisioning dps = hub.engine.provisioning();

    @AfterEach
    void close() {
        hub.close();
    }

    @Test
    void makes_a_device_of_an_enrollment_with_its_keys_and_initial_twin() {
        ObjectNode enrollment = dps.putEnrollment(
                Kind.INDIVIDUAL,
                "sensor-1",
                json("{'attestation':{'type':'symmetricKey'},'deviceId':'kitchen',"
                        + "'initialTwin':{'tags':{'floor':2},'properties':{'desired':{'rate':5}}}}"),
                NEW);
        SymmetricKey key = key(enrollment, "primaryKey");
        assertThat(Base64.getDecoder().decode(key.base64()))
                .as("DPS makes 64 bytes")
                .hasSize(64);

        ObjectNode state = provision("sensor-1", key);
        assertThat(state.path("status").asText()).isEqualTo("assigned");
        assertThat(state.path("deviceId").asText()).isEqualTo("kitchen");
        assertThat(state.path("assignedHub").asText()).isEqualTo(TestHub.HOST);

        Identity device = Identity.device("kitchen");
        assertThatCode(() -> hub.engine.access().device(device, hub.token(device)))
                .doesNotThrowAnyException();
        assertThat(hub.primaryKey(device)).isEqualTo(key);
        assertThat(hub.engine.twins().get(device).at("/tags/floor").asInt()).isEqualTo(2);
        assertThat(hub.engine.twins().deviceView(device).path("desired")).hasToString("{\"rate\":5,\"$version\":1}");
        assertThat(dps.getEnrollment(Kind.INDIVIDUAL, "SENSOR-1")
                        .at("/registrationState/deviceId")
                        .asText())
                .isEqualTo("kitchen");
    }

    @Test
    void gives_a_group_s_device_the_key_it_derived() {
        SymmetricKey group = key(
                dps.putEnrollment(Kind.GROUP, "fleet", json("{'attestation':{'type':'symmetricKey'}}"), NEW),
                "secondaryKey");
        SymmetricKey own = GroupKey.deriveDeviceKey(group, "truck-7");
        ObjectNode state = provision("truck-7", own);
        assertThat(state.at("/symmetricKey/enrollmentGroupId").asText()).isEqualTo("fleet");
        String secondary = hub.engine
                .registry()
                .get(Identity.device("truck-7"))
                .at("/authentication/symmetricKey/secondaryKey")
                .asText();
        assertThat(secondary).isEqualTo(own.base64());
        assertThat(dps.listRegistrations("FLEET"))
                .extracting(r -> r.path("registrationId").asText())
                .containsExactly("truck-7");
    }

    @ParameterizedTest
    @CsvSource({"localhost", "127.0.0.1", "evil.example", ","})
    void assigns_by_the_hub_s_own_name_however_dps_was_addressed(@Nullable String asked) {
        SymmetricKey key = enroll("d1");
        Answer answer = dps.register(SCOPE, "d1", token("d1", key), json("{}"), asked);
        hub.time.advance(Duration.ofSeconds(1));
        String operation = answer.body().path("operationId").asText();
        assertThat(dps.operation(SCOPE, "d1", token("d1", key), operation)
                        .body()
                        .at("/registrationState/assignedHub")
                        .asText())
                .isEqualTo(TestHub.HOST);
    }

    @Test
    void leaves_a_device_that_registers_again_as_it_is_unless_its_keys_changed() {
        SymmetricKey key = enroll("d1");
        ObjectNode first = provision("d1", key);
        Identity device = Identity.device("d1");
        hub.engine.twins().patch(device, json("{'tags':{'mine':1}}"), ANY);
        FakeSession session = hub.connect(device);
        hub.time.advance(Duration.ofDays(1));

        ObjectNode again = provision("d1", key);
        assertThat(again.path("substatus").asText()).isEqualTo("initialAssignment");
        assertThat(again.path("createdDateTimeUtc")).isEqualTo(first.path("createdDateTimeUtc"));
        assertThat(again.path("lastUpdatedDateTimeUtc")).isNotEqualTo(first.path("lastUpdatedDateTimeUtc"));
        assertThat(again.path("etag")).isNotEqualTo(first.path("etag"));
        assertThat(session.closed).isEmpty();

        String rolled = SymmetricKey.ofBytes(new byte[32]).base64();
        dps.putEnrollment(
                Kind.INDIVIDUAL,
                "d1",
                json("{'attestation':{'type':'symmetricKey','symmetricKey':{'primaryKey':'" + rolled + "'}}}"),
                ANY);
        provision("d1", SymmetricKey.ofBase64(rolled));
        assertThat(session.closed).containsExactly(CloseReason.KEY_CHANGED);
        assertThat(hub.primaryKey(device).base64()).isEqualTo(rolled);
        assertThat(hub.engine.twins().get(device).at("/tags/mine").asInt()).isEqualTo(1);
    }

    @Test
    void makes_a_device_that_the_hub_knows_by_the_certificate_it_registered_with() throws Exception {
        TestCertificates.Issued root = TestCertificates.selfSigned("root");
        X509Certificate leaf = root.issue("truck-1").certificate();
        ObjectNode group = json("{'attestation':{'type':'x509','x509':{'signingCertificates':{'primary':{}}}}}");
        ((ObjectNode) group.at("/attestation/x509/signingCertificates/primary"))
                .put(
                        "certificate",
                        Base64.getEncoder().encodeToString(root.certificate().getEncoded()));
        ObjectNode created = dps.putEnrollment(Kind.GROUP, "trucks", group, NEW);
        assertThat(created.at("/attestation/x509/signingCertificates/primary/info/subjectName")
                        .asText())
                .isEqualTo("CN=root");
        Credentials certificate = new Credentials.Certificate(List.of(leaf));
        dps.register(SCOPE, "truck-1", certificate, json("{}"), null);
        assertThatCode(() -> hub.engine.access().device(Identity.device("truck-1"), certificate))
                .doesNotThrowAnyException();

        X509Certificate late = TestCertificates.selfSigned("late", TestHub.START.plusSeconds(60))
                .certificate();
        assertRefused(
                401,
                401002,
                () -> dps.register(SCOPE, "late", new Credentials.Certificate(List.of(late)), json("{}"), null));
        assertRefused(401, 401002, () -> dps.register(SCOPE, "truck-2", certificate, json("{}"), null));
        assertRefused(401, 401002, () -> dps.register(SCOPE, "truck-1", new Credentials.None(), json("{}"), null));
    }

    @Test
    void throttles_a_device_that_polls_too_often() {
        SymmetricKey key = enroll("d1");
        Credentials token = token("d1", key);
        String operation = dps.register(SCOPE, "d1", token, json("{}"), null)
                .body()
                .path("operationId")
                .asText();
        for (int i = 0; i < 5; i++) {
            dps.operation(SCOPE, "d1", token, operation);
        }
        hub.time.advance(Duration.ofSeconds(4));
        assertThatThrownBy(() -> dps.operation(SCOPE, "d1", token, operation))
                .isInstanceOfSatisfying(DpsRefusal.class, e -> {
                    assertThat(e.errorCode()).isEqualTo(429001);
                    assertThat(e.retryAfter()).contains(Duration.ofSeconds(6));
                });
        hub.time.advance(Duration.ofSeconds(6));
        assertThat(dps.operation(SCOPE, "d1", token, operation).status()).isEqualTo(200);
    }

    @Test
    void hides_keys_but_where_they_are_asked_for() {
        enroll("d1");
        assertThat(dps.getEnrollment(Kind.INDIVIDUAL, "d1").toString()).doesNotContain("primaryKey");
        assertThat(dps.listEnrollments(Kind.INDIVIDUAL)).singleElement().satisfies(e -> assertThat(e.toString())
                .doesNotContain("primaryKey"));
        assertThat(dps.attestation(Kind.INDIVIDUAL, "d1")
                        .at("/symmetricKey/primaryKey")
                        .asText())
                .hasSize(88);
    }

    @Test
    void keeps_enrollments_by_etag() {
        ObjectNode created = dps.putEnrollment(Kind.GROUP, "g", json("{'attestation':{'type':'symmetricKey'}}"), NEW);
        String etag = created.path("etag").asText();
        assertThat(etag).startsWith("\"").endsWith("\"");
        assertThat(created.path("provisioningStatus").asText()).isEqualTo("enabled");
        assertThat(created.path("reprovisionPolicy"))
                .hasToString("{\"updateHubAssignment\":true,\"migrateDeviceData\":true}");

        assertRefused(409, 409201, () -> dps.putEnrollment(Kind.GROUP, "g", created, NEW));
        ObjectNode changed = dps.putEnrollment(
                Kind.GROUP,
                "g",
                json("{'attestation':{'type':'symmetricKey'},'provisioningStatus':'disabled'}"),
                ETagMatch.parse(etag));
        assertThat(changed.at("/attestation")).as("keys stay").isEqualTo(created.at("/attestation"));
        assertThat(changed.path("createdDateTimeUtc")).isEqualTo(created.path("createdDateTimeUtc"));
        assertRefused(412, 412000, () -> dps.putEnrollment(Kind.GROUP, "g", created, ETagMatch.parse(etag)));
        assertRefused(412, 412000, () -> dps.deleteEnrollment(Kind.GROUP, "g", ETagMatch.parse(etag)));
        dps.deleteEnrollment(Kind.GROUP, "g", NEW);
        assertRefused(404, 404204, () -> dps.getEnrollment(Kind.GROUP, "g"));
        assertRefused(404, 404204, () -> dps.putEnrollment(Kind.GROUP, "g", created, ANY));
        assertRefused(404, 404201, () -> dps.getEnrollment(Kind.INDIVIDUAL, "g"));
        assertRefused(404, 404201, () -> dps.deleteEnrollment(Kind.INDIVIDUAL, "g", ANY));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            {}                                                                                      | attestation is missing
            {'attestation':{'type':'faith'}}                                                        | attestation.type [faith]
            {'registrationId':'other','attestation':{'type':'symmetricKey'}}                        | registrationId [other]
            {'deviceId':'a/b','attestation':{'type':'symmetricKey'}}                                | device id [a/b]
            {'attestation':{'type':'symmetricKey','symmetricKey':{'primaryKey':'x'}}}               | primaryKey
            {'attestation':{'type':'x509','x509':{}}}                                               | clientCertificates.primary is missing
            {'attestation':{'type':'x509','x509':{'clientCertificates':{'primary':{'certificate':'eA=='}}}}} | cannot be read
            {'attestation':{'type':'x509','x509':{'caReferences':{'primary':'ca'}}}}                | there is no certificate [ca]
            {'allocationPolicy':'custom','attestation':{'type':'symmetricKey'}}                     | webhookUrl must be an http
            {'allocationPolicy':'custom','customAllocationDefinition':{'webhookUrl':'file:///x'},'attestation':{'type':'symmetricKey'}} | webhookUrl must be an http
            {'allocationPolicy':'dice','attestation':{'type':'symmetricKey'}}                       | allocationPolicy [dice]
            {'allocationPolicy':'static','attestation':{'type':'symmetricKey'}}                     | needs the hub's name
            {'attestation':{'type':'tpm','tpm':{}}}                                                 | endorsementKey is missing
            {'provisioningStatus':'maybe','attestation':{'type':'symmetricKey'}}                    | provisioningStatus [maybe]
            {'iotHubHostName':'elsewhere','attestation':{'type':'symmetricKey'}}                    | IoT hub [elsewhere] is not linked
            {'iotHubs':['localhost','elsewhere'],'attestation':{'type':'symmetricKey'}}             | IoT hub [elsewhere] is not linked
            {'reprovisionPolicy':{'migrateDeviceData':true},'attestation':{'type':'symmetricKey'}}  | data cannot migrate
            """)
    void refuses_an_enrollment_that_breaks_a_rule(String body, String why) {
        assertThatThrownBy(() -> dps.putEnrollment(Kind.INDIVIDUAL, "d1", json(body), NEW))
                .isInstanceOfSatisfying(
                        DpsRefusal.class, e -> assertThat(e.errorCode()).isEqualTo(400004))
                .hasMessageContaining(why);
        assertThat(dps.listEnrollments(Kind.INDIVIDUAL)).isEmpty();
    }

    @Test
    void does_what_it_can_of_a_bulk_call() {
        enroll("there");
        ObjectNode answer = dps.bulkEnrollments(Kind.INDIVIDUAL, json("""
                {'mode':'create','enrollments':[
                  {'registrationId':'new','attestation':{'type':'symmetricKey'}},
                  {'registrationId':'there','attestation':{'type':'symmetricKey'}},
                  {'registrationId':'bad','attestation':{}},
                  {'registrationId':'twin','attestation':{'type':'symmetricKey'},'initialTwin':{'tags':{'a.b':1}}},
                  {'registrationId':'last','attestation':{'type':'symmetricKey'}}]}"""));
        assertThat(answer.path("isSuccessful").asBoolean()).isFalse();
        assertThat(answer.path("errors"))
                .extracting(e -> e.path("registrationId").asText() + " "
                        + e.path("errorCode").asInt())
                .containsExactly("there 409201", "bad 400004", "twin 400004");
        String etag = dps.getEnrollment(Kind.INDIVIDUAL, "new").path("etag").asText();
        ObjectNode update = json(
                "{'mode':'updateIfMatchETag','enrollments':[{'registrationId':'new','attestation':{'type':'symmetricKey'}}]}");
        ((ObjectNode) update.at("/enrollments/0")).put("etag", etag);
        assertThat(dps.bulkEnrollments(Kind.INDIVIDUAL, update)
                        .path("isSuccessful")
                        .asBoolean())
                .isTrue();
        assertThat(dps.bulkEnrollments(Kind.INDIVIDUAL, update)
                        .path("isSuccessful")
                        .asBoolean())
                .isFalse();
        dps.bulkEnrollments(
                Kind.INDIVIDUAL,
                json(
                        "{'mode':'delete','enrollments':[{'registrationId':'new'},{'registrationId':'there'},{'registrationId':'last'}]}"));
        assertThat(dps.listEnrollments(Kind.INDIVIDUAL)).isEmpty();
        assertRefused(
                400, 400004, () -> dps.bulkEnrollments(Kind.INDIVIDUAL, json("{'mode':'create','enrollments':[]}")));
        ObjectNode many = json("{'mode':'delete'}");
        many.set(
                "enrollments",
                IntStream.range(0, 11)
                        .mapToObj(i -> Json.object())
                        .collect(Json::array, (a, o) -> a.add(o), (a, b) -> a.addAll(b)));
        assertRefused(400, 400004, () -> dps.bulkEnrollments(Kind.INDIVIDUAL, many));
    }

    @Test
    void forgets_a_registration_with_its_enrollment_but_leaves_the_device() {
        SymmetricKey key = enroll("d1");
        ObjectNode state = provision("d1", key);
        assertThat(dps.getRegistration("D1")).isEqualTo(state);
        assertRefused(412, 412000, () -> dps.deleteRegistration("d1", new ETagMatch.Tag("stale")));
        dps.deleteRegistration("d1", new ETagMatch.Tag(state.path("etag").asText()));
        assertRefused(404, 404201, () -> dps.getRegistration("d1"));
        provision("d1", key);
        dps.deleteEnrollment(Kind.INDIVIDUAL, "d1", ANY);
        assertRefused(404, 404201, () -> dps.getRegistration("d1"));
        assertRefused(401, 401002, () -> dps.authenticate(SCOPE, "d1", token("d1", key)));
        assertThat(hub.engine.registry().list(10)).hasSize(1);
    }

    @Test
    void lets_a_back_end_in_with_the_policy_of_dps_only() {
        SharedAccessPolicy policy = SharedAccessPolicy.dpsDefaults().get(0);
        String good = SasToken.sign("localhost", policy.primaryKey(), TestHub.START.plusSeconds(60), policy.name())
                .text();
        assertThatCode(() -> dps.authenticateService(good)).doesNotThrowAnyException();
        SharedAccessPolicy owner = SharedAccessPolicy.defaults().get(0);
        String ofHub = SasToken.sign("localhost", owner.primaryKey(), TestHub.START.plusSeconds(60), owner.name())
                .text();
        assertRefused(401, 401002, () -> dps.authenticateService(ofHub));
        assertRefused(401, 401002, () -> dps.authenticateService("Bearer x"));
        hub.time.advance(Duration.ofHours(1));
        assertRefused(401, 401002, () -> dps.authenticateService(good));
    }

    @Test
    void assigns_two_hundred_devices_at_once_none_twice() throws Exception {
        SymmetricKey group = key(
                dps.putEnrollment(Kind.GROUP, "fleet", json("{'attestation':{'type':'symmetricKey'}}"), NEW),
                "primaryKey");
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            Map<String, Future<Answer>> answers = IntStream.range(0, 200)
                    .mapToObj(i -> "truck-" + i)
                    .collect(Collectors.toMap(
                            id -> id,
                            id -> threads.submit(() -> dps.register(
                                    SCOPE, id, token(id, GroupKey.deriveDeviceKey(group, id)), json("{}"), null))));
            hub.time.advance(Duration.ofSeconds(1));
            for (Map.Entry<String, Future<Answer>> entry : answers.entrySet()) {
                String operation = entry.getValue()
                        .get(30, TimeUnit.SECONDS)
                        .body()
                        .path("operationId")
                        .asText();
                assertThat(operation).isNotEmpty();
            }
        } finally {
            threads.shutdownNow();
        }
        hub.time.advance(Duration.ofSeconds(1));
        List<ObjectNode> registrations = dps.listRegistrations("fleet");
        assertThat(registrations)
                .hasSize(200)
                .allSatisfy(r -> assertThat(r.path("status").asText()).isEqualTo("assigned"));
        assertThat(hub.engine.registry().list(1000)).hasSize(200);
    }

    private SymmetricKey enroll(String id) {
        return key(
                dps.putEnrollment(Kind.INDIVIDUAL, id, json("{'attestation':{'type':'symmetricKey'}}"), NEW),
                "primaryKey");
    }

    /** Registers and polls until it is decided. */
    private ObjectNode provision(String id, SymmetricKey key) {
        Credentials token = token(id, key);
        Answer answer = dps.register(SCOPE, id, token, json("{}"), null);
        assertThat(answer.status()).isEqualTo(202);
        hub.time.advance(answer.retryAfter().orElseThrow());
        Answer decided = dps.operation(
                SCOPE, id, token, answer.body().path("operationId").asText());
        assertThat(decided.status()).isEqualTo(200);
        return (ObjectNode) decided.body().path("registrationState");
    }

    private Credentials token(String id, SymmetricKey key) {
        return new Credentials.Sas(SasToken.sign(
                        SCOPE + "/registrations/" + id, key, hub.time.instant().plusSeconds(600), "registration")
                .text());
    }

    private static SymmetricKey key(ObjectNode enrollment, String name) {
        return SymmetricKey.ofBase64(
                enrollment.at("/attestation/symmetricKey/" + name).asText());
    }

    private static void assertRefused(int status, int errorCode, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(DpsRefusal.class, e -> {
            assertThat(e.status()).isEqualTo(status);
            assertThat(e.errorCode()).isEqualTo(errorCode);
        });
    }
}
