package io.hubwire.localhub.https;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.ETagMatch;
import io.hubwire.localhub.engine.Provisioning.Kind;
import io.hubwire.localhub.https.HubOverHttps.Answer;
import io.hubwire.localhub.tls.HubTls;
import io.hubwire.protocol.json.Json;
import io.hubwire.protocol.openapi.OpenApi;
import io.hubwire.protocol.vectors.Vectors;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The exchanges of {@code dps.json} that a DPS with one linked hub can have, from its side. */
@Timeout(120)
class DpsVectorsTest {
    /** Exchanges this hub has no part in, each with the reason. */
    private static final Map<String, String> NOT_OURS = Map.ofEntries(
            Map.entry("dps-03-three-polls", "Retry-After that changes from poll to poll is for clients to cope with"),
            Map.entry("dps-04-no-retry-after", "we always say when to come back"),
            Map.entry("dps-05-immediate-200", "we always answer 202 first"),
            Map.entry("dps-09-payload", "needs a webhook: engine.DpsVectorsTest plays it with one"),
            Map.entry(
                    "dps-16-tpm-two-step",
                    "the chip's key is new each time: engine.DpsVectorsTest plays it with a chip"),
            Map.entry("dps-17-tpm-wrong-key", "as dps-16"),
            Map.entry("dps-25-key-cache", "open-questions 57: no cache, both keys work at once"),
            Map.entry("dps-27-failed-404201", "open-questions 52: refused at once with 401002"),
            Map.entry("dps-30-custom-alloc-failed", "needs a webhook: engine.DpsVectorsTest plays it with one"),
            Map.entry("dps-31-no-hub", "needs a webhook: engine.DpsVectorsTest plays it with one"),
            Map.entry("dps-32-hub-unauth", "needs a hub that has stopped: engine.DpsVectorsTest plays it with one"),
            Map.entry("dps-33-throttled-register", "a throttle, for clients to cope with"),
            Map.entry("dps-34-throttled-poll", "a throttle, for clients to cope with"),
            Map.entry("dps-35-server-error", "an outage, for clients to cope with"),
            Map.entry("dps-36-html-502", "a proxy's page, for clients to cope with"),
            Map.entry("dps-45-reprovision-migrate", "needs two hubs: engine.DpsVectorsTest plays it with them"),
            Map.entry("dps-46-reprovision-reset", "needs two hubs: engine.DpsVectorsTest plays it with them"),
            Map.entry("dps-47-never-reprovision", "needs two hubs: engine.DpsVectorsTest plays it with them"),
            Map.entry("dps-49-conflict", "a race inside the service, for clients to cope with"),
            Map.entry("dps-50-csr", "issues no certificates"),
            Map.entry("dps-54-redirect", "there is one front end only"));

    private static HubTls tls;
    private static ClientCertificate device;
    private static ClientCertificate authority;
    private static OpenApi openApi;

    @BeforeAll
    static void prepare(@TempDir Path folder) throws Exception {
        tls = HubOverHttps.tls(folder);
        device = ClientCertificate.selfSigned("my-x509-device");
        authority = ClientCertificate.authority("factory");
        openApi = OpenApi.load("dps-device.2021-10-01.json");
    }

    private static List<JsonNode> all() {
        List<JsonNode> exchanges =
                Vectors.elements(Vectors.file("dps.json").path("exchanges")).toList();
        assertThat(exchanges).hasSize(55);
        return exchanges;
    }

    static Stream<Named> ours() {
        return all().stream()
                .filter(e -> !NOT_OURS.containsKey(e.path("id").asText()))
                .map(e -> new Named(e.path("id").asText(), e));
    }

    /** An exchange that shows its name in reports. */
    record Named(String id, JsonNode exchange) {
        @Override
        public String toString() {
            return id;
        }
    }

    @Test
    void each_exchange_left_out_is_one_of_the_vectors() {
        assertThat(all().stream().map(e -> e.path("id").asText())).containsAll(NOT_OURS.keySet());
    }

    @ParameterizedTest
    @MethodSource("ours")
    void answers_as_recorded(Named named) throws Exception {
        try (HubOverHttps hub = new HubOverHttps(tls)) {
            given(hub, named);
            String operationId = "";
            for (JsonNode step : named.exchange().path("steps")) {
                Answer answer = HubOverHttps.send(
                        client(hub, step.path("request")), request(hub, step.path("request"), operationId));

                compare(step.path("response"), answer);
                describedBy(step.path("request"), answer);
                operationId = answer.json().path("operationId").asText("");
                hub.time.advance(Duration.ofSeconds(3));
            }
        }
    }

    private static void given(HubOverHttps hub, Named named) throws Exception {
        JsonNode given = named.exchange().path("given");
        if (given.path("individualEnrollment") instanceof ObjectNode enrollment) {
            if (enrollment.at("/attestation/x509/clientCertificates") instanceof ObjectNode certificates) {
                certificates.putObject("primary").put("certificate", device.pem());
            }
            put(hub, Kind.INDIVIDUAL, enrollment.path("registrationId").asText(), enrollment);
        }
        if (given.path("enrollmentGroup") instanceof ObjectNode group) {
            put(hub, Kind.GROUP, group.path("enrollmentGroupId").asText(), group);
        }
        if (named.id().contains("x509-group") || named.id().contains("incomplete-chain")) {
            ObjectNode group = HubOverHttps.object(
                    "{'enrollmentGroupId':'x509-group','attestation':{'type':'x509','x509':{'signingCertificates':{}}}}");
            ((ObjectNode) group.at("/attestation/x509/signingCertificates"))
                    .putObject("primary")
                    .put("certificate", authority.pem());
            put(hub, Kind.GROUP, "x509-group", group);
        }
        if (named.id().equals("dps-43-status-lookup")) {
            JsonNode registered = all().get(0).path("steps").get(0).path("request");
            assertThat(hub.send(request(hub, registered, "")).status()).isEqualTo(202);
            hub.time.advance(Duration.ofSeconds(3));
        }
    }

    private static void put(HubOverHttps hub, Kind kind, String id, ObjectNode enrollment) {
        hub.engine.provisioning().putEnrollment(kind, id, enrollment, new ETagMatch.Absent());
    }

    private static OkHttpClient client(HubOverHttps hub, JsonNode request) throws Exception {
        String certificate = request.path("clientCertificate").asText("");
        if (certificate.isEmpty()) {
            return hub.client;
        }
        if (certificate.startsWith("CN=my-x509-device")) {
            return hub.client(device);
        }
        if (certificate.endsWith("(leaf) only")) {
            return hub.client(
                    ClientCertificate.authority("unknown").issue("device-01").leafOnly());
        }
        return hub.client(authority.issue("device-01"));
    }

    private static Request.Builder request(HubOverHttps hub, JsonNode request, String operationId) {
        String path = request.path("path").asText();
        String recorded = "5.316aac5bdc130deb.b1e02da8-c3a0-4ff2-a121-7ea7a6b7f550";
        Request.Builder built = hub.request(operationId.isEmpty() ? path : path.replace(recorded, operationId));
        request.path("headers")
                .properties()
                .forEach(h -> built.header(h.getKey(), h.getValue().asText()));
        JsonNode body = request.path("body");
        if (body.isNull() || body.isMissingNode()) {
            return built.get();
        }
        byte[] bytes = body.isTextual() ? body.textValue().getBytes(StandardCharsets.UTF_8) : Json.writeBytes(body);
        MediaType type = MediaType.get(request.at("/headers/Content-Type").asText());
        return built.method(request.path("method").asText(), RequestBody.create(type, bytes));
    }

    private static void compare(JsonNode expected, Answer answer) {
        assertThat(answer.status())
                .as(answer.text())
                .isEqualTo(expected.path("status").asInt());
        assertThat(answer.headers().get("Content-Type")).isEqualTo("application/json; charset=utf-8");
        assertThat(answer.headers().get("x-ms-request-id")).matches("[0-9a-f-]{36}");
        if (answer.status() == 202) {
            assertThat(answer.headers().get("Retry-After")).matches("[1-9]\\d*");
            String location = expected.at("/headers/Location").asText();
            assertThat(answer.headers().get("Location"))
                    .matches("https://localhost:\\d+/.*")
                    .endsWith(location.substring(location.indexOf("/0ne")));
        }
        JsonNode body = answer.json();
        ObjectNode wanted = expected.path("body").deepCopy();
        forgiveAttestation(wanted, body);
        expectThisHub(wanted);
        assertThat(AnswerShape.differences(wanted, body)).isEmpty();
    }

    /** Only the first exchange of each kind shows how the device was attested; the service always does. */
    private static void forgiveAttestation(JsonNode wanted, JsonNode body) {
        for (String how : List.of("symmetricKey", "x509")) {
            for (String at : List.of("/registrationState", "")) {
                if (wanted.at(at) instanceof ObjectNode state
                        && !state.has(how)
                        && body.at(at).has(how)) {
                    state.set(how, body.at(at).get(how));
                }
            }
        }
    }

    /** The recordings name another hub. */
    private static void expectThisHub(JsonNode wanted) {
        for (JsonNode parent : wanted.findParents("assignedHub")) {
            ((ObjectNode) parent).put("assignedHub", HubOverHttps.HOST);
        }
    }

    private static void describedBy(JsonNode request, Answer answer) {
        String path = request.path("path").asText().split("\\?")[0];
        if (answer.status() < 300 && openApi.describes(request.path("method").asText(), path, answer.status())) {
            assertThat(openApi.complaintsAboutAnswer(
                            request.path("method").asText(), path, answer.status(), answer.json()))
                    .isEmpty();
        }
    }
}
