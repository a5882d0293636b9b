package io.hubwire.localhub.https;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.ETagMatch;
import io.hubwire.localhub.https.HubOverHttps.Answer;
import io.hubwire.localhub.tls.HubTls;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.SystemProperty;
import io.hubwire.protocol.json.Json;
import io.hubwire.protocol.openapi.OpenApi;
import io.hubwire.protocol.vectors.Vectors;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every case of {@code rest.json}: brought into the state its answer implies, the hub answers in this shape. */
@Timeout(120)
class RestVectorsTest {
    /** What a hub answers under load; there is no load in a hub without quotas. */
    private static final Set<String> UNDER_LOAD = Set.of("throttled", "server-busy");

    /** What a 2017 hub answered; this one answers as of 2024. */
    private static final Set<String> SUPERSEDED = Set.of("method-offline-old-form");

    private static final String DEVICE = "{'authentication':{'symmetricKey':{"
            + "'primaryKey':'cHJpbWFyeS1rZXktMzItYnl0ZXMtbG9uZy0wMTIzNDU=',"
            + "'secondaryKey':'c2Vjb25kYXJ5LWtleS0zMi1ieXRlcy1sb25nLTAxMjM='},'type':'sas'}}";

    private static HubTls tls;
    private static OpenApi openApi;

    /** Tokens of the vector and the hub's own for the same thing. */
    private final Map<String, String> realTokens = new HashMap<>();

    @BeforeAll
    static void prepare(@TempDir Path folder) throws Exception {
        tls = HubOverHttps.tls(folder);
        openApi = OpenApi.load("iothub-service.2021-04-12.json");
    }

    private static List<JsonNode> all() {
        List<JsonNode> cases =
                Vectors.elements(Vectors.file("rest.json").path("cases")).toList();
        assertThat(cases).hasSize(93);
        return cases;
    }

    static Stream<Named> answered() {
        return named(all().stream()
                .filter(c -> !UNDER_LOAD.contains(c.path("name").asText()))
                .filter(c -> !SUPERSEDED.contains(c.path("name").asText())));
    }

    /** A case that shows its name in reports. */
    record Named(String name, JsonNode vector) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static Stream<Named> named(Stream<JsonNode> cases) {
        return cases.map(c -> new Named(c.path("name").asText(), c));
    }

    @ParameterizedTest
    @MethodSource("answered")
    void answers_in_this_shape(Named named) throws Exception {
        JsonNode vector = named.vector();
        try (HubOverHttps hub = new HubOverHttps(tls)) {
            given(named.name(), hub);
            Answer answer = exchange(hub, named.name(), vector.path("request"));

            JsonNode expected = vector.path("response");
            assertThat(answer.status())
                    .as(answer.text())
                    .isEqualTo(expected.path("status").asInt());
            for (Map.Entry<String, JsonNode> header : expected.path("headers").properties()) {
                compareHeader(
                        header.getKey(),
                        header.getValue().asText(),
                        answer.headers().get(header.getKey()));
            }
            if (expected.has("bodyText")) {
                assertThat(answer.text()).isEqualTo(expected.path("bodyText").asText());
            } else if (expected.path("body").isNull()) {
                assertThat(answer.bytes()).isEmpty();
            } else {
                assertThat(AnswerShape.differences(expectedBody(named.name(), expected), answer.json()))
                        .isEmpty();
            }
            requireAsDescribed(vector, answer);
        }
    }

    /** One body comes from a test of a client, which made it up without a tracking id; a hub gives one with every error. */
    private static JsonNode expectedBody(String name, JsonNode expected) {
        return name.equals("import-bad-container")
                ? ((ObjectNode) expected.path("body")).put("ExceptionMessage", "*")
                : expected.path("body");
    }

    /** The description knows of queries that they give twins, and of lists of jobs that they are objects. */
    private static final Set<String> DESCRIBED_OTHERWISE = Set.of("query-aggregate", "query-device-jobs", "job-list");

    private static void requireAsDescribed(JsonNode vector, Answer answer) {
        if (DESCRIBED_OTHERWISE.contains(vector.path("name").asText())) {
            return;
        }
        String path = vector.at("/request/path").asText();
        String method = vector.path("name").asText().equals("twin-patch-method-override")
                ? "PATCH"
                : vector.at("/request/method").asText();
        if (answer.bytes().length > 0 && openApi.describes(method, path, answer.status())) {
            assertThat(openApi.complaintsAboutAnswer(method, path, answer.status(), answer.json()))
                    .isEmpty();
        }
    }

    @Test
    void each_case_left_out_is_one_of_the_vectors() {
        assertThat(all().stream().map(c -> c.path("name").asText()))
                .containsAll(UNDER_LOAD)
                .containsAll(SUPERSEDED);
    }

    private static void compareHeader(String name, String expected, String actual) {
        assertThat(actual).as(name).isNotNull();
        switch (name.toLowerCase(java.util.Locale.ROOT)) {
            case "x-ms-request-id" -> assertThat(actual).matches("[0-9a-f-]{36}");
            case "x-ms-continuation" -> assertThat(actual).matches("[A-Za-z0-9_-]+");
            case "etag" -> assertThat(actual).matches("\"[^\"]+\"");
            case "iothub-enqueuedtime", "iothub-expiry" ->
                assertThat(actual).matches("\\d\\d/\\d\\d/\\d{4} \\d\\d:\\d\\d:\\d\\d [AP]M");
            case "content-type" -> assertThat(actual).startsWith(expected);
            default -> assertThat(actual).as(name).isEqualTo(expected);
        }
    }

    /** Brings the hub into the state that the answer implies. */
    private void given(String name, HubOverHttps hub) throws Exception {
        if (name.startsWith("device-create-") && !name.equals("device-create-exists") || name.equals("bulk-create")) {
            return;
        }
        Identity device = hub.create(Identity.device("dev1"), DEVICE);
        Identity module = Identity.module("dev1", "mod1");
        switch (name) {
            case "device-id-needs-encoding" -> hub.create(Identity.device("dev#1?"), DEVICE);
            case "device-list-trailing-slash" -> hub.engine.registry().list(10);
            case "device-list" -> hub.create(Identity.device("dev2"), DEVICE);
            case "bulk-delete-explorer" -> hub.device("b1");
            case "module-update", "module-list", "module-delete", "module-twin-get" -> hub.create(module, DEVICE);
            case "stats-devices" -> {
                hub.device("dev2");
                hub.create(Identity.device("dev3"), "{'status':'disabled'}");
            }
            case "stats-service" -> hub.connect(device);
            case "query-page1" -> hub.device("dev2");
            case "query-page2-last" -> {
                hub.device("dev2");
                realTokens.put(
                        "eyJvZmZzZXQiOjF9",
                        hub.management
                                .queries()
                                .page("SELECT * FROM devices", 1, null)
                                .continuation()
                                .orElseThrow());
            }
            case "query-aggregate" -> {
                for (int i = 1; i <= 6; i++) {
                    Identity reporting = i == 1 ? device : hub.device("dev" + i);
                    String status = i <= 3 ? "Success" : i <= 5 ? "Pending" : "Error";
                    hub.engine
                            .twins()
                            .report(
                                    reporting,
                                    HubOverHttps.object("{'telemetryConfig':{'status':'" + status + "'}}"),
                                    null);
                }
            }
            case "query-projection-case" -> hub.engine.sessions().active(device);
            case "query-device-jobs", "job-get-completed", "job-list" -> {
                hub.management.jobs().create("job1", twinJob("2024-01-02T03:04:05Z"));
                hub.time.advance(Duration.ofSeconds(1));
            }
            case "job-cancel" -> {
                hub.management.jobs().create("job1", twinJob("2024-01-02T04:00:00Z"));
                hub.time.advance(Duration.ofSeconds(1));
            }
            case "config-delete" ->
                hub.management.configurations().create("cfg1", HubOverHttps.object("{'content':{'deviceContent':{}}}"));
            case "config-apply-on-edge" -> hub.create(Identity.device("edge1"), "{'capabilities':{'iotEdge':true}}");
            case "export-cancel" ->
                realTokens.put(
                        "11111111-2222-3333-4444-555555555555",
                        hub.management
                                .transfers()
                                .create(HubOverHttps.object("{'type':'export'}"))
                                .path("jobId")
                                .asText());
            case "digitaltwin-get" -> hub.engine.twins().modelId(device, "dtmi:com:example:Thermostat;1");
            case "digitaltwin-command" -> hub.connect(device).answering(200, "{\"maxTemp\":30}");
            case "purge" -> send(hub, device, 3);
            case "twin-patch-null-deletes" ->
                twin(hub, "{'tags':{'building':'43'},'properties':{'desired':{'telemetryConfig':{'a':1}}}}");
            case "twin-patch-method-override" -> twin(hub, "{'tags':{'building':'43'}}");
            case "method-ok" -> hub.connect(device).answering(200, "{\"ok\":true}");
            case "method-device-error-is-http-200" -> hub.connect(device).answering(501, "");
            case "method-device-timeout" -> hub.connect(device).silent();
            case "method-module-ok" -> hub.connect(hub.create(module, DEVICE)).answering(200, "null");
            case "module-to-device-method" -> {
                hub.create(module, DEVICE);
                hub.connect(device).answering(200, "");
            }
            case "c2d-send-queue-full" -> send(hub, device, 50);
            case "feedback-receive" -> feedback(hub, device);
            case "feedback-complete", "feedback-abandon" -> {
                feedback(hub, device);
                realTokens.put(
                        "3f1c4a90-0000-4000-8000-000000000001",
                        hub.engine.feedback().next(64).orElseThrow().lockToken());
            }
            case "file-upload-too-many" -> {
                for (int i = 0; i < 10; i++) {
                    hub.engine.files().initiate(device.device(), "file" + i, "localhost");
                }
            }
            case "file-upload-notify-ok", "file-upload-notify-old-path" ->
                realTokens.put(
                        "MjAyNDAxMDJfMDAwMQ==",
                        hub.engine
                                .files()
                                .initiate(device.device(), "myfile.txt", "localhost")
                                .correlationId());
            case "device-receive-one" -> hub.engine.c2d().enqueue(device, C2D);
            case "device-complete", "device-reject", "device-abandon" -> {
                hub.engine.c2d().enqueue(device, C2D);
                realTokens.put(
                        "3a28fb44-0d00-4ddd-ade3-6110eb94c476",
                        hub.engine
                                .c2d()
                                .next(device, this, Instant.MIN)
                                .orElseThrow()
                                .lockToken());
            }
            default -> assertThat(NEEDS_DEV1_ONLY).as("state for a new case").contains(name);
        }
    }

    /** Cases whose whole state is a device {@code dev1}, or the absence of another. */
    private static final Set<String> NEEDS_DEV1_ONLY = Set.of(
            "query-syntax-error",
            "export-create",
            "import-bad-container",
            "config-create",
            "config-test-queries",
            "digitaltwin-patch",
            "job-twin-create",
            "job-method-create",
            "job-twin-bad-etag",
            "job-not-found",
            "device-create-exists",
            "device-get",
            "device-get-not-found",
            "device-update-etag",
            "device-update-force-quoted-star",
            "device-update-force-bare-star",
            "device-update-stale-etag",
            "device-delete-force",
            "device-delete-stale-etag",
            "bulk-partial-failure",
            "module-create",
            "module-get-not-found",
            "twin-get-fresh",
            "twin-patch-desired-and-tags",
            "twin-replace",
            "twin-stale-etag",
            "twin-not-found",
            "method-offline-new-form",
            "method-not-registered",
            "c2d-send-minimal",
            "c2d-send-all-headers",
            "c2d-send-device-not-found",
            "feedback-none",
            "unauthorized-no-header",
            "bad-api-version",
            "device-send-single",
            "device-send-batch",
            "device-send-too-large",
            "device-receive-none",
            "device-complete-lock-lost",
            "file-upload-init",
            "file-upload-bad-correlation");

    private static final Message C2D = Message.builder("{\"cmd\":1}")
            .messageId("m-1")
            .correlationId("c-1")
            .userId("")
            .contentType("application/json")
            .contentEncoding("utf-8")
            .system(SystemProperty.ACK, "full")
            .expiry(HubOverHttps.START.plus(Duration.ofMinutes(10)))
            .property("k", "v")
            .build();

    private static ObjectNode twinJob(String startTime) {
        return HubOverHttps.object("{'type':'scheduleUpdateTwin','updateTwin':{'etag':'*','tags':{'x':1}}}")
                .put("queryCondition", "deviceId IN ['dev1']")
                .put("startTime", startTime);
    }

    private static void send(HubOverHttps hub, Identity device, int count) {
        for (int i = 0; i < count; i++) {
            hub.engine.c2d().enqueue(device, Message.of("message " + i));
        }
    }

    private static void twin(HubOverHttps hub, String patch) {
        hub.engine.twins().patch(Identity.device("dev1"), HubOverHttps.object(patch), new ETagMatch.Any());
    }

    private static void feedback(HubOverHttps hub, Identity device) {
        hub.engine.c2d().enqueue(device, C2D);
        hub.engine
                .c2d()
                .complete(
                        device,
                        hub.engine
                                .c2d()
                                .next(device, C2D, Instant.MIN)
                                .orElseThrow()
                                .lockToken());
    }

    private Answer exchange(HubOverHttps hub, String name, JsonNode request) throws Exception {
        Request.Builder built = request(hub, name, request);
        if (!name.equals("method-device-timeout")) {
            return hub.send(built);
        }
        ConnectedDevice silent = (ConnectedDevice)
                hub.engine.sessions().current(Identity.device("dev1")).orElseThrow();
        CompletableFuture<Answer> answer = CompletableFuture.supplyAsync(() -> {
            try {
                return hub.send(built);
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        assertThat(silent.called.get(10, TimeUnit.SECONDS)).isEqualTo("reboot {\"delay\":3}");
        hub.time.advance(Duration.ofSeconds(5));
        return answer.get(10, TimeUnit.SECONDS);
    }

    private Request.Builder request(HubOverHttps hub, String name, JsonNode request) {
        String path = request.path("path").asText();
        for (Map.Entry<String, String> token : realTokens.entrySet()) {
            path = path.replace(token.getKey(), token.getValue())
                    .replace(encoded(token.getKey()), encoded(token.getValue()));
        }
        HttpUrl.Builder url = hub.request(path).build().url().newBuilder();
        request.path("query")
                .properties()
                .forEach(q -> url.addQueryParameter(q.getKey(), q.getValue().asText()));
        Request.Builder built = new Request.Builder().url(url.build());
        request.path("headers")
                .properties()
                .forEach(h -> built.header(h.getKey(), header(hub, name, path(request), h)));
        return built.method(request.path("method").asText(), body(request));
    }

    private static String path(JsonNode request) {
        return request.path("path").asText();
    }

    private String header(HubOverHttps hub, String name, String path, Map.Entry<String, JsonNode> header) {
        String value = header.getValue().asText();
        return switch (header.getKey()) {
            case "Authorization" ->
                value.contains("modules%2Fmod1")
                        ? hub.deviceToken(Identity.module("dev1", "mod1"))
                        : value.contains("devices%2Fdev1")
                                ? hub.deviceToken(Identity.device("dev1"))
                                : hub.policyToken("iothubowner", HubOverHttps.HOST);
            case "If-Match" -> value.contains("*") || name.contains("stale") ? value : currentTag(hub, path);
            case "x-ms-continuation" -> realTokens.getOrDefault(value, value);
            default -> value;
        };
    }

    /** A vector's tag stands for the one that the entity has now. */
    private static String currentTag(HubOverHttps hub, String path) {
        Identity identity = path.contains("/modules/") ? Identity.module("dev1", "mod1") : Identity.device("dev1");
        JsonNode entity = path.startsWith("/twins/")
                ? hub.engine.twins().get(identity)
                : hub.engine.registry().get(identity);
        return "\"" + entity.path("etag").asText() + "\"";
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private RequestBody body(JsonNode request) {
        MediaType type = MediaType.parse(request.at("/headers/Content-Type").asText("text/plain"));
        if (request.has("bodyText")) {
            String text = request.path("bodyText").asText();
            byte[] bytes =
                    text.startsWith("<more than 262144") ? new byte[262_145] : text.getBytes(StandardCharsets.UTF_8);
            return RequestBody.create(type, bytes);
        }
        if (request.path("body").isNull() || request.path("body").isMissingNode()) {
            return request.path("method").asText().equals("GET") ? null : RequestBody.create(null, new byte[0]);
        }
        String json = Json.write(request.path("body"));
        for (Map.Entry<String, String> token : realTokens.entrySet()) {
            json = json.replace(token.getKey(), token.getValue());
        }
        return RequestBody.create(type, json.getBytes(StandardCharsets.UTF_8));
    }
}
