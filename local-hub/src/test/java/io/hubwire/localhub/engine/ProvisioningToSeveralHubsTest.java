package io.hubwire.localhub.engine;

import static io.hubwire.localhub.engine.TestHub.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.auth.SasToken;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.localhub.engine.AccessControl.Credentials;
import io.hubwire.localhub.engine.AllocationWebhook.Reply;
import io.hubwire.localhub.engine.Provisioning.Answer;
import io.hubwire.localhub.engine.Provisioning.DpsRefusal;
import io.hubwire.localhub.engine.Provisioning.Kind;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.json.Json;
import io.hubwire.protocol.time.FakeTime;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A DPS with two hubs: allocation, custom allocation, re-provisioning, what moves with a device. Source: dps 4, 6.2, 6.4. */
@Timeout(60)
class ProvisioningToSeveralHubsTest {
    private static final String SCOPE = "0ne00111111";
    private static final String WEST = "west-hub.example";
    private static final String EAST = "east-hub.example";
    private static final ETagMatch ANY = new ETagMatch.Any();
    private static final SymmetricKey KEY = SymmetricKey.ofBytes(new byte[32]);
    private static final String ATTESTATION = "'attestation':{'type':'symmetricKey','symmetricKey':{'primaryKey':'"
            + KEY.base64() + "','secondaryKey':'" + KEY.base64() + "'}}";
    private static final String WEBHOOK =
            ",'allocationPolicy':'custom','customAllocationDefinition':{'webhookUrl':'https://localhost/choose'}";

    private final FakeTime time = new FakeTime(TestHub.START);
    private final ScriptedWebhook webhook = new ScriptedWebhook();
    private final TestHub west = new TestHub(options(WEST), time, webhook);
    private final TestHub east = new TestHub(options(EAST), time, AllocationWebhook.NONE);
    private final Provisioning dps = west.engine.provisioning();

    /** Hears the question, answers when told. */
    private static final class ScriptedWebhook implements AllocationWebhook {
        private CompletableFuture<Reply> next = new CompletableFuture<>();
        private JsonNode question = Json.object();

        @Override
        public CompletableFuture<Reply> post(URI address, byte[] body) {
            question = Json.parse("question", body);
            return next;
        }

        void answers(int status, String text) {
            next = new CompletableFuture<>();
            next.complete(reply(status, text));
        }

        static Reply reply(int status, String text) {
            return new Reply(status, text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
        }
    }

    private static EngineOptions options(String host) {
        return EngineOptions.of(new HubNames(List.of(host, "localhost"), "events", SCOPE));
    }

    @BeforeEach
    void link() {
        west.engine.link(east.engine, Duration.ofMillis(-5));
    }

    @AfterEach
    void close() {
        east.close();
        west.close();
    }

    @Test
    void spreads_devices_over_its_hubs_and_gives_each_the_same_one_every_time() {
        List<String> first = IntStream.range(0, 40)
                .mapToObj(i -> {
                    enroll("d-" + i, "");
                    return hubOf(provision("d-" + i));
                })
                .toList();
        assertThat(first).contains(WEST, EAST);
        assertThat(first.stream().filter(WEST::equals).count()).isBetween(10L, 30L);
        IntStream.range(0, 40)
                .forEach(i -> assertThat(hubOf(provision("d-" + i))).isEqualTo(first.get(i)));
        assertThat(west.engine.registry().list(100).size()
                        + east.engine.registry().list(100).size())
                .isEqualTo(40);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'allocationPolicy':'static','iotHubs':['east-hub.example'] | east-hub.example",
                "'allocationPolicy':'Static','iotHubHostName':'west-hub.example' | west-hub.example",
                "'iotHubHostName':'east-hub.example' | east-hub.example",
                "'allocationPolicy':'hashed','iotHubs':['east-hub.example'] | east-hub.example",
                "'allocationPolicy':'geoLatency' | east-hub.example",
                "'allocationPolicy':'geoLatency','iotHubs':['west-hub.example'] | west-hub.example"
            })
    void follows_the_policy_of_the_enrollment(String policy, String hub) {
        enroll("d1", "," + policy);
        assertThat(hubOf(provision("d1"))).isEqualTo(hub);
        assertThat((hub.equals(WEST) ? west : east).engine.registry().list(10)).hasSize(1);
        assertThat((hub.equals(WEST) ? east : west).engine.registry().list(10)).isEmpty();
    }

    @Test
    void moves_a_device_with_its_twin_and_modules() {
        enroll("d1", ",'iotHubHostName':'west-hub.example','initialTwin':{'tags':{'from':'enrollment'}}");
        assertThat(provision("d1").path("substatus").asText()).isEqualTo("initialAssignment");
        Identity device = Identity.device("d1");
        west.engine.twins().patch(device, json("{'tags':{'floor':3},'properties':{'desired':{'rate':5}}}"), ANY);
        west.engine.twins().report(device, json("{'version':'1.2'}"), null);
        west.engine.registry().create(Identity.module("d1", "camera"), json("{}"));
        west.engine.twins().patch(Identity.module("d1", "camera"), json("{'tags':{'lens':'wide'}}"), ANY);
        FakeSession session = west.connect(device);

        enroll("d1", ",'iotHubHostName':'east-hub.example','initialTwin':{'tags':{'from':'enrollment'}}");
        ObjectNode state = provision("d1");
        assertThat(state.path("substatus").asText()).isEqualTo("deviceDataMigrated");
        assertThat(hubOf(state)).isEqualTo(EAST);
        assertThat(session.closed).containsExactly(DeviceSession.CloseReason.DELETED);
        assertThat(west.engine.registry().list(10)).isEmpty();
        ObjectNode twin = east.engine.twins().get(device);
        assertThat(twin.path("tags")).hasToString("{\"from\":\"enrollment\",\"floor\":3}");
        assertThat(east.engine.twins().deviceView(device))
                .hasToString(
                        "{\"desired\":{\"rate\":5,\"$version\":2},\"reported\":{\"version\":\"1.2\",\"$version\":2}}");
        assertThat(east.engine
                        .twins()
                        .get(Identity.module("d1", "camera"))
                        .at("/tags/lens")
                        .asText())
                .isEqualTo("wide");
        assertThat(east.engine.access().device(device, hubToken(EAST, "d1"))).isNotNull();
    }

    @Test
    void resets_a_device_that_moves_without_its_data_and_knows_when_it_comes_home() {
        String reset = ",'reprovisionPolicy':{'updateHubAssignment':true,'migrateDeviceData':false},"
                + "'initialTwin':{'tags':{'from':'enrollment'}}";
        enroll("d1", ",'iotHubHostName':'west-hub.example'" + reset);
        provision("d1");
        Identity device = Identity.device("d1");
        west.engine.twins().patch(device, json("{'tags':{'floor':3}}"), ANY);
        enroll("d1", ",'iotHubHostName':'east-hub.example'" + reset);
        assertThat(provision("d1").path("substatus").asText()).isEqualTo("deviceDataReset");
        assertThat(west.engine.registry().list(10)).isEmpty();
        assertThat(east.engine.twins().get(device).path("tags")).hasToString("{\"from\":\"enrollment\"}");

        enroll("d1", ",'iotHubHostName':'west-hub.example'" + reset);
        assertThat(provision("d1").path("substatus").asText()).isEqualTo("reprovisionedToInitialAssignment");
        assertThat(east.engine.registry().list(10)).isEmpty();
        assertThat(west.engine.registry().list(10)).hasSize(1);
    }

    @Test
    void leaves_a_device_where_it_is_when_the_policy_says_never() {
        String never = ",'reprovisionPolicy':{'updateHubAssignment':false,'migrateDeviceData':false}";
        enroll("d1", ",'iotHubHostName':'east-hub.example'" + never);
        provision("d1");
        enroll("d1", ",'iotHubHostName':'west-hub.example'" + never);
        ObjectNode state = provision("d1");
        assertThat(hubOf(state)).isEqualTo(EAST);
        assertThat(state.path("substatus").asText()).isEqualTo("initialAssignment");
        assertThat(west.engine.registry().list(10)).isEmpty();
    }

    @Test
    void moves_an_edge_device_with_what_its_runtime_is_told() {
        enroll("edge", ",'iotHubHostName':'west-hub.example','capabilities':{'iotEdge':true}");
        provision("edge");
        Identity agent = Identity.module("edge", "$edgeAgent");
        west.engine.twins().patch(agent, json("{'properties':{'desired':{'runtime':'docker'}}}"), ANY);
        enroll("edge", ",'iotHubHostName':'east-hub.example','capabilities':{'iotEdge':true}");
        provision("edge");
        assertThat(east.engine
                        .twins()
                        .get(agent)
                        .at("/properties/desired/runtime")
                        .asText())
                .isEqualTo("docker");
        assertThat(east.engine
                        .registry()
                        .get(Identity.device("edge"))
                        .at("/capabilities/iotEdge")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void asks_the_webhook_and_tells_it_all_it_needs() {
        enroll("d1", WEBHOOK);
        webhook.answers(
                200,
                "{'iotHubHostname':'east-hub.example','initialTwin':{'tags':{'by':'webhook'}},"
                        + "'payload':{'level':2}}");
        ObjectNode state = provision("d1", "{'payload':{'model':'toaster-9'}}");
        assertThat(hubOf(state)).isEqualTo(EAST);
        assertThat(state.path("payload")).hasToString("{\"level\":2}");
        assertThat(east.engine.twins().get(Identity.device("d1")).path("tags")).hasToString("{\"by\":\"webhook\"}");
        JsonNode question = webhook.question;
        assertThat(question.at("/individualEnrollment/registrationId").asText()).isEqualTo("d1");
        assertThat(question.toString()).doesNotContain("primaryKey");
        assertThat(question.path("deviceRuntimeContext"))
                .hasToString("{\"registrationId\":\"d1\",\"symmetricKey\":{},\"payload\":{\"model\":\"toaster-9\"}}");
        assertThat(question.path("linkedHubs")).hasToString("[\"west-hub.example\",\"east-hub.example\"]");

        webhook.answers(200, "{'iotHubHostName':'west-hub.example','initialTwin':{'tags':{'by':'second call'}}}");
        assertThat(provision("d1").path("substatus").asText()).isEqualTo("deviceDataMigrated");
        assertThat(webhook.question
                        .at("/deviceRuntimeContext/currentIotHubHostName")
                        .asText())
                .isEqualTo(EAST);
        assertThat(webhook.question.at("/deviceRuntimeContext/currentDeviceId").asText())
                .isEqualTo("d1");
        assertThat(west.engine.twins().get(Identity.device("d1")).path("tags"))
                .as("a returned twin overrides the one that came along")
                .hasToString("{\"by\":\"second call\"}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "200 | rubbish | 400207",
                "200 | [1] | 400207",
                "200 | '' | 400207",
                "500 | {'iotHubHostName':'east-hub.example'} | 400207",
                "400 | no | 400207",
                "302 | {} | 400207",
                "200 | {'iotHubHostName':'elsewhere.example'} | 400207",
                "200 | {'iotHubHostName':'east-hub.example','initialTwin':7} | 400207",
                "200 | {} | 400208",
                "200 | {'iotHubHostName':null} | 400208",
                "200 | {'iotHubHostName':'east-hub.example','initialTwin':{'tags':{'a.b':1}}} | 400207"
            })
    void a_webhook_that_answers_rubbish_fails_the_registration(int status, String body, int errorCode) {
        enroll("d1", WEBHOOK);
        webhook.answers(status, body);
        ObjectNode state = provision("d1");
        assertThat(state.path("status").asText()).isEqualTo("failed");
        assertThat(state.path("errorCode").asInt()).as(state.toString()).isEqualTo(errorCode);
        assertThat(state.has("assignedHub")).isFalse();
        assertThat(east.engine.registry().list(10)).isEmpty();
    }

    @Test
    void a_webhook_that_is_down_fails_the_registration_but_not_the_device() {
        enroll("d1", WEBHOOK);
        webhook.answers(200, "{'iotHubHostName':'east-hub.example'}");
        provision("d1");
        webhook.next = CompletableFuture.failedFuture(new IOException("Connection refused"));
        ObjectNode failed = provision("d1");
        assertThat(failed.path("errorCode").asInt()).isEqualTo(400207);
        assertThat(failed.path("errorMessage").asText()).contains("Connection refused");
        assertThat(east.engine.registry().list(10)).as("its device stays").hasSize(1);
        webhook.answers(200, "{'iotHubHostName':'west-hub.example'}");
        assertThat(provision("d1").path("substatus").asText())
                .as("it is still known where the device was")
                .isEqualTo("deviceDataMigrated");
    }

    @Test
    void a_device_waits_for_a_slow_webhook_and_hears_of_what_happened_meanwhile() {
        enroll("d1", WEBHOOK);
        Answer answer = dps.register(SCOPE, "d1", token("d1"), json("{}"), null);
        String operation = answer.body().path("operationId").asText();
        time.advance(Duration.ofSeconds(8));
        Answer waiting = dps.operation(SCOPE, "d1", token("d1"), operation);
        assertThat(waiting.status()).isEqualTo(202);
        assertThat(waiting.retryAfter()).isPresent();
        assertThat(dps.status(SCOPE, "d1", token("d1")).path("status").asText()).isEqualTo("assigning");
        CompletableFuture<Reply> first = webhook.next;
        first.complete(ScriptedWebhook.reply(200, "{'iotHubHostName':'east-hub.example'}"));
        assertThat(dps.operation(SCOPE, "d1", token("d1"), operation).status()).isEqualTo(200);

        webhook.next = new CompletableFuture<>();
        dps.register(SCOPE, "d1", token("d1"), json("{}"), null);
        dps.deleteEnrollment(Kind.INDIVIDUAL, "d1", ANY);
        webhook.next.complete(ScriptedWebhook.reply(200, "{'iotHubHostName':'east-hub.example'}"));
        assertThatThrownBy(() -> dps.getRegistration("d1")).isInstanceOf(DpsRefusal.class);
    }

    @Test
    void the_last_of_two_registrations_counts() {
        enroll("d1", WEBHOOK);
        String first = dps.register(SCOPE, "d1", token("d1"), json("{}"), null)
                .body()
                .path("operationId")
                .asText();
        CompletableFuture<Reply> slow = webhook.next;
        webhook.answers(200, "{'iotHubHostName':'east-hub.example'}");
        ObjectNode second = provision("d1");
        slow.complete(ScriptedWebhook.reply(500, ""));
        assertThat(dps.getRegistration("d1")).isEqualTo(second);
        assertThatThrownBy(() -> dps.operation(SCOPE, "d1", token("d1"), first))
                .isInstanceOfSatisfying(
                        DpsRefusal.class, e -> assertThat(e.errorCode()).isEqualTo(404202));
    }

    @Test
    void a_hub_that_has_stopped_or_is_unlinked_gets_no_devices() {
        enroll("d1", ",'iotHubHostName':'east-hub.example'");
        east.engine.close();
        assertThat(provision("d1").path("errorCode").asInt()).isEqualTo(400209);
        west.engine.unlink(east.engine);
        assertThat(provision("d1").path("errorCode").asInt()).isEqualTo(400208);
        assertThatThrownBy(() -> enroll("d2", ",'iotHubHostName':'east-hub.example'"))
                .isInstanceOf(DpsRefusal.class)
                .hasMessageContaining("is not linked");
        assertThatThrownBy(() -> west.engine.link(west.engine, Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("linked already");
    }

    private void enroll(String id, String more) {
        boolean there = dps.listEnrollments(Kind.INDIVIDUAL).stream()
                .anyMatch(e -> e.path("registrationId").asText().equals(id));
        dps.putEnrollment(
                Kind.INDIVIDUAL, id, json("{" + ATTESTATION + more + "}"), there ? ANY : new ETagMatch.Absent());
    }

    private ObjectNode provision(String id) {
        return provision(id, "{}");
    }

    private ObjectNode provision(String id, String body) {
        String operation = dps.register(SCOPE, id, token(id), json(body), null)
                .body()
                .path("operationId")
                .asText();
        time.advance(Duration.ofSeconds(3));
        Answer answer = dps.operation(SCOPE, id, token(id), operation);
        assertThat(answer.status()).isEqualTo(200);
        return (ObjectNode) answer.body().path("registrationState");
    }

    private Credentials token(String id) {
        return new Credentials.Sas(SasToken.sign(
                        SCOPE + "/registrations/" + id, KEY, time.instant().plusSeconds(600), "registration")
                .text());
    }

    private Credentials hubToken(String host, String id) {
        return new Credentials.Sas(
                SasToken.sign(host + "/devices/" + id, KEY, time.instant().plusSeconds(600), null)
                        .text());
    }

    private static String hubOf(ObjectNode state) {
        return state.path("assignedHub").asText();
    }
}
