package io.hubwire.localhub.https;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import io.hubwire.localhub.engine.Provisioning.DpsRefusal;
import io.hubwire.localhub.https.Route.Limits;
import io.hubwire.localhub.throttling.Throttles;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.json.Json;
import io.hubwire.protocol.time.FakeTime;
import io.hubwire.protocol.trace.WireTrace.Direction;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

@Timeout(60)
class ExchangeTest {
    private static final MediaType TEXT = MediaType.get("text/plain");
    private static final Limits SMALL = new Limits(64, Duration.ofSeconds(20));
    private static final Limits SHORT = new Limits(64, Duration.ofMillis(300));

    private static final Logger LOG = (Logger) LoggerFactory.getLogger("io.hubwire.localhub.https");
    private static final ListAppender<ILoggingEvent> LOGGED = new ListAppender<>();

    private static TestServer server;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        LOG.setAdditive(false);
        LOG.addAppender(LOGGED);
        LOGGED.start();
        Api open = new AnyVersionApi();
        DpsApi dps = new DpsApi();
        server = TestServer.withRoutes(
                folder,
                route(
                        "GET",
                        "/twins/{id}",
                        open,
                        SMALL,
                        call -> now(HttpAnswer.json(200, Json.object().put("id", call.parameter("id"))))),
                route("PATCH", "/twins/{id}", open, SMALL, call -> now(HttpAnswer.empty(204))),
                route(
                        "POST",
                        "/echo",
                        open,
                        SMALL,
                        call -> now(HttpAnswer.bytes(200, "text/plain", call.body())
                                .with("x-property", call.header("iothub-app-k").orElse("none")))),
                route("GET", "/bug", open, SMALL, call -> {
                    throw new IllegalArgumentException("inner workings");
                }),
                route(
                        "GET",
                        "/late-bug",
                        open,
                        SMALL,
                        call -> CompletableFuture.supplyAsync(() -> {
                            throw new IllegalArgumentException("inner workings");
                        })),
                route("GET", "/bad-id", open, SMALL, call -> {
                    throw new InvalidInputException("device id [a b] has U+0020 at position 2");
                }),
                route("GET", "/never", open, SHORT, call -> new CompletableFuture<>()),
                route("POST", "/slow", open, SHORT, call -> now(HttpAnswer.empty(204))),
                route(
                        "GET",
                        "/key",
                        open,
                        SMALL,
                        call -> now(HttpAnswer.json(
                                200,
                                Json.object().put("primaryKey", "secret-key").put("deviceId", "d1")))),
                route("PUT", "/{scope}/registrations/{id}/register", dps, SMALL, call -> {
                    throw new DpsRefusal(429, 429001, "Operations are being throttled.", Duration.ofSeconds(10));
                }),
                route("GET", "/dps-bug", dps, SMALL, call -> {
                    throw new IllegalArgumentException("inner workings");
                }),
                route(
                        "GET",
                        "/versioned",
                        ServiceApi.plain(null, unmetered()),
                        SMALL,
                        call -> now(HttpAnswer.empty(204))));
    }

    private static Metering unmetered() {
        FakeTime time = new FakeTime(Instant.EPOCH);
        return new Metering(Throttles.of(null, time), time);
    }

    /** An API that takes any version, and refuses as the hub does. */
    private static final class AnyVersionApi implements Api {
        @Override
        public void requireVersion(RequestTarget target) {
            // any will do
        }

        @Override
        public HttpAnswer refusal(Throwable failure, Incident incident) {
            return HubErrors.PLAIN.refusal(failure, incident);
        }
    }

    @AfterAll
    static void stop() {
        server.close();
        LOG.detachAppender(LOGGED);
        LOG.setAdditive(true);
    }

    @BeforeEach
    void forget() {
        server.seen.clear();
        LOGGED.list.clear();
    }

    private static Route route(String method, String path, Api api, Limits limits, Operation operation) {
        return new Route(method, new PathTemplate(path), api, limits, operation);
    }

    private static CompletableFuture<HttpAnswer> now(HttpAnswer answer) {
        return CompletableFuture.completedFuture(answer);
    }

    private static Response send(Request request) throws IOException {
        return server.client.newCall(request).execute();
    }

    private static JsonNode json(Response response) throws IOException {
        assertThat(response.header("Content-Type")).isEqualTo("application/json; charset=utf-8");
        return Json.parse("answer", response.body().string());
    }

    @Test
    void answers_with_headers_body_and_a_request_id() throws IOException {
        try (Response response = send(server.request("/twins/d%231").build())) {
            assertThat(response.code()).isEqualTo(200);
            assertThat(response.header("x-ms-request-id")).isEqualTo(TestServer.TRACKING.toString());
            assertThat(response.header("Server")).isNull();
            assertThat(json(response).path("id").asText()).isEqualTo("d#1");
        }
    }

    @Test
    void a_post_that_says_patch_is_a_patch() throws IOException {
        Request request = server.request("/twins/d1")
                .header("X-HTTP-Method-Override", "PATCH")
                .post(RequestBody.create(TEXT, "{}"))
                .build();
        try (Response response = send(request)) {
            assertThat(response.code()).isEqualTo(204);
        }
    }

    @Test
    void an_unknown_path_is_the_hubs_404() throws IOException {
        try (Response response = send(server.request("/nowhere/at/all").build())) {
            assertThat(response.code()).isEqualTo(404);
            assertThat(response.header("iothub-errorcode")).isEqualTo("GenericNotFound");
            JsonNode body = json(response);
            assertThat(body.path("Message").asText())
                    .startsWith("ErrorCode:GenericNotFound;")
                    .contains("[/nowhere/at/all]");
            assertThat(body.path("ExceptionMessage").asText())
                    .isEqualTo("Tracking ID:0123456789abcdef0123456789abcdef-G:0-TimeStamp:01/02/2024 03:04:05");
        }
    }

    @Test
    void a_wrong_method_is_a_405_that_names_the_right_ones_in_the_words_of_that_api() throws IOException {
        try (Response response = send(server.request("/twins/d1").delete().build())) {
            assertThat(response.code()).isEqualTo(405);
            assertThat(response.header("Allow")).isEqualTo("GET, PATCH");
            assertThat(response.header("iothub-errorcode")).isEqualTo("GenericMethodNotAllowed");
        }
        try (Response response = send(server.request("/0ne1/registrations/r/register?api-version=2021-06-01")
                .get()
                .build())) {
            assertThat(response.code()).isEqualTo(405);
            assertThat(json(response).path("errorCode").asInt()).isEqualTo(405000);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/bug", "/late-bug"})
    void a_fault_of_ours_shows_its_tracking_id_and_nothing_else(String path) throws IOException {
        try (Response response = send(server.request(path).build())) {
            assertThat(response.code()).isEqualTo(500);
            assertThat(response.header("iothub-errorcode")).isEqualTo("ServerError");
            String body = response.body().string();
            assertThat(body)
                    .contains("0123456789abcdef0123456789abcdef")
                    .doesNotContain("inner", "Exception:", "\tat ");
        }
        assertThat(LOGGED.list).singleElement().satisfies(line -> {
            assertThat(line.getFormattedMessage())
                    .isEqualTo("request failed, tracking id 0123456789abcdef0123456789abcdef");
            assertThat(line.getThrowableProxy()).isNotNull();
        });
    }

    @Test
    void a_fault_of_ours_in_dps_is_told_in_its_words() throws IOException {
        try (Response response =
                send(server.request("/dps-bug?api-version=2021-06-01").build())) {
            assertThat(response.code()).isEqualTo(500);
            JsonNode body = json(response);
            assertThat(body.path("errorCode").asInt()).isEqualTo(500000);
            assertThat(body.path("trackingId").asText()).isEqualTo(TestServer.TRACKING.toString());
            assertThat(body.toString()).doesNotContain("inner");
        }
    }

    @Test
    void a_bad_id_is_an_invalid_argument() throws IOException {
        try (Response response = send(server.request("/bad-id").build())) {
            assertThat(response.code()).isEqualTo(400);
            assertThat(json(response).path("Message").asText()).startsWith("ErrorCode:ArgumentInvalid;device id [a b]");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?api-version=", "?api-version=1999-01-01", "?api-version=yesterday"})
    void a_missing_or_unknown_version_is_refused(String query) throws IOException {
        try (Response response = send(server.request("/versioned" + query).build())) {
            assertThat(response.code()).isEqualTo(400);
            assertThat(response.header("iothub-errorcode")).isEqualTo("InvalidProtocolVersion");
        }
    }

    @Test
    void dps_has_its_own_way_to_say_so() throws IOException {
        try (Response response = send(server.request("/0ne1/registrations/r/register")
                .put(RequestBody.create(TEXT, ""))
                .build())) {
            assertThat(response.code()).isEqualTo(400);
            JsonNode body = json(response);
            assertThat(body.path("errorCode").asInt()).isEqualTo(400000);
            assertThat(body.path("timestampUtc").asText()).isEqualTo("2024-01-02T03:04:05.0000000Z");
        }
    }

    @Test
    void a_throttled_registration_says_when_to_come_back() throws IOException {
        try (Response response = send(server.request("/0ne1/registrations/r/register?api-version=2021-06-01")
                .put(RequestBody.create(TEXT, ""))
                .build())) {
            assertThat(response.code()).isEqualTo(429);
            assertThat(response.header("Retry-After")).isEqualTo("10");
            assertThat(response.header("x-ms-error-code")).isEqualTo("429001");
            assertThat(json(response).path("errorCode").asInt()).isEqualTo(429001);
        }
    }

    @Test
    void a_body_of_just_the_limit_is_read_and_one_byte_more_refused() throws IOException {
        try (Response response = send(server.request("/echo")
                .post(RequestBody.create(TEXT, "x".repeat(64)))
                .build())) {
            assertThat(response.code()).isEqualTo(200);
            assertThat(response.body().string()).hasSize(64);
        }
        try (Response response = send(server.request("/echo")
                .post(RequestBody.create(TEXT, "x".repeat(65)))
                .build())) {
            assertThat(response.code()).isEqualTo(413);
            assertThat(response.header("iothub-errorcode")).isEqualTo("MessageTooLarge");
        }
    }

    @Test
    void a_body_without_a_length_is_bounded_too() throws IOException {
        RequestBody endless = new RequestBody() {
            @Override
            public MediaType contentType() {
                return TEXT;
            }

            @Override
            public void writeTo(BufferedSink sink) throws IOException {
                for (int i = 0; i < 4; i++) {
                    sink.writeUtf8("x".repeat(20));
                    sink.flush();
                }
            }
        };
        try (Response response = send(server.request("/echo").post(endless).build())) {
            assertThat(response.code()).isEqualTo(413);
        }
    }

    @Test
    void property_values_keep_their_case_from_request_to_request() throws IOException {
        List<String> seen = new ArrayList<>();
        for (String value : List.of("Red", "red", "RED")) {
            try (Response response = send(server.request("/echo")
                    .header("iothub-app-k", value)
                    .post(RequestBody.create(TEXT, "x"))
                    .build())) {
                seen.add(response.header("x-property"));
            }
        }
        assertThat(seen).containsExactly("Red", "red", "RED");
    }

    @Test
    void an_operation_that_never_ends_is_answered_at_its_deadline() throws IOException {
        try (Response response = send(server.request("/never").build())) {
            assertThat(response.code()).isEqualTo(400);
            assertThat(response.header("iothub-errorcode")).isEqualTo("RequestTimedOut");
        }
    }

    @Test
    void a_body_that_trickles_is_answered_at_the_deadline() throws Exception {
        try (SSLSocket socket = raw()) {
            write(socket, "POST /slow HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc");

            assertThat(readAll(socket)).startsWith("HTTP/1.1 400 ").contains("RequestTimedOut");
        }
    }

    @Test
    void what_is_not_http_gets_an_error_body_and_no_page() throws Exception {
        try (SSLSocket socket = raw()) {
            write(socket, "GET \u0001 HTTP/1.1\r\n\r\n");

            assertThat(readAll(socket))
                    .startsWith("HTTP/1.1 400 ")
                    .contains("ErrorCode:GenericBadRequest;")
                    .doesNotContain("<html", "Jetty", "jetty", "\tat ");
        }
    }

    @Test
    void a_broken_escape_in_the_path_is_a_bad_request() throws Exception {
        try (SSLSocket socket = raw()) {
            write(socket, "GET /twins/a%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

            assertThat(readAll(socket)).startsWith("HTTP/1.1 400 ").contains("ErrorCode:GenericBadRequest;");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/twins/a%2Fb", "/twins/%2e%2e", "/twins/..;/x", "/twins/a%25b"})
    void jetty_leaves_strange_ids_to_us(String path) throws Exception {
        try (SSLSocket socket = raw()) {
            write(socket, "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

            assertThat(readAll(socket)).startsWith(path.contains(";/") ? "HTTP/1.1 404 " : "HTTP/1.1 200 ");
        }
    }

    @Test
    void reports_each_request_and_answer_once_and_masked() throws IOException {
        Request request = server.request("/key?x=1&sig=abcdef")
                .header("Authorization", "SharedAccessSignature sr=localhost&sig=abcdef&se=1&skn=iothubowner")
                .build();
        try (Response response = send(request)) {
            assertThat(response.body().string()).contains("secret-key");
        }

        await().untilAsserted(() -> assertThat(server.seen).hasSize(2));
        assertThat(server.seen.get(0).direction()).isEqualTo(Direction.IN);
        assertThat(server.seen.get(0).kind()).isEqualTo("GET /key?x=1&sig=***");
        assertThat(server.seen.get(0).summary())
                .contains("Authorization: SharedAccessSignature sr=localhost&sig=***&se=1");
        assertThat(server.seen.get(1).direction()).isEqualTo(Direction.OUT);
        assertThat(server.seen.get(1).kind()).isEqualTo("200 GET /key?x=1&sig=***");
        assertThat(server.seen.get(1).summary()).contains("{\"primaryKey\":\"***\",\"deviceId\":\"d1\"}");
        assertThat(server.seen.toString()).doesNotContain("abcdef", "secret-key");
    }

    @Test
    void a_hundred_requests_at_once_are_all_answered() throws Exception {
        OkHttpClient many = server.client.newBuilder().build();
        many.dispatcher().setMaxRequestsPerHost(100);
        many.dispatcher().setMaxRequests(100);
        CountDownLatch done = new CountDownLatch(100);
        List<Integer> codes = java.util.Collections.synchronizedList(new ArrayList<>());
        for (int i = 0; i < 100; i++) {
            many.newCall(server.request("/twins/d" + i).build()).enqueue(new Callback() {
                @Override
                public void onFailure(Call call, IOException e) {
                    codes.add(-1);
                    done.countDown();
                }

                @Override
                public void onResponse(Call call, Response response) {
                    codes.add(response.code());
                    response.close();
                    done.countDown();
                }
            });
        }
        assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(codes).hasSize(100).containsOnly(200);
    }

    private static SSLSocket raw() throws IOException {
        SSLSocketFactory sockets = server.client.sslSocketFactory();
        SSLSocket socket = (SSLSocket) sockets.createSocket("localhost", server.port());
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static void write(SSLSocket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    private static String readAll(SSLSocket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
