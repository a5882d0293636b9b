package io.hubwire.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.hubwire.auth.SasToken;
import io.hubwire.https.Await;
import io.hubwire.https.ServiceException;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.PercentEncoding;
import io.hubwire.protocol.json.Json;
import io.hubwire.protocol.json.ServiceErrorBody;
import io.hubwire.protocol.openapi.OpenApi;
import io.hubwire.protocol.vectors.Vectors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every case of {@code vectors/rest.json} that a back end sends: this call sends that request and reads that answer. */
@Timeout(30)
class RestVectorsTest {
    private static final VectorScript SCRIPT = new VectorScript();
    /** Said about the connection, not by the case. */
    private static final Set<String> OUR_OWN_HEADERS =
            Set.of("host", "connection", "user-agent", "accept", "accept-encoding", "content-length", "authorization");

    private static final OpenApi DESCRIPTION = description();

    private final TestHub hub = new TestHub();

    @AfterEach
    void close() {
        hub.close();
    }

    static List<String> cases() {
        List<String> names = vectors().keySet().stream().filter(SCRIPT::knows).toList();
        assertThat(names).hasSizeGreaterThan(70);
        return names;
    }

    @Test
    void every_case_is_either_played_or_known_not_to_be_ours() {
        Set<String> open = vectors().values().stream()
                .filter(c -> !isDeviceCall(c))
                .map(c -> c.path("name").textValue())
                .filter(name -> !SCRIPT.knows(name) && !VectorScript.NOT_OURS.containsKey(name))
                .collect(Collectors.toSet());
        assertThat(open).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void sends_what_was_recorded_and_reads_the_answer(String name) {
        JsonNode vector = vectors().get(name);
        hub.server.answers(answer(vector.path("response")));

        try (ServiceClient client = hub.client(
                vector.path("request").path("query").path("api-version").textValue())) {
            var result = SCRIPT.send(name, client);
            RecordedRequest sent = hub.server.takeRequest();
            checkAgainstTheDescription(sent);
            checkRequest(vector.path("request"), sent, name);
            checkResult(vector.path("response"), () -> Await.on(result));
        }
    }

    /** Sending over HTTPS and the keys of 2024 are in no public description. */
    private static final Pattern NOT_DESCRIBED =
            Pattern.compile("/devices/[^/]+/messages/deviceBound|/devices/keys/regenerate", Pattern.CASE_INSENSITIVE);

    /** What no description has, and yet is so: paging of jobs; any JSON for a method, or none for a command. */
    private static final Pattern KNOWN_TO_WORK = Pattern.compile("/jobs/v2/query header x-ms-\\S+ is not described"
            + "|/twins/\\S+/methods /payload /payload: \\w+ found, object expected"
            + "|/digitaltwins/\\S+/commands/\\S+ ( : \\w+ found, object expected|the body is missing)");

    private static void checkAgainstTheDescription(RecordedRequest sent) {
        byte[] body = sent.getBody().clone().readByteArray();
        var request = new OpenApi.Sent(sent.getMethod(), sent.getPath(), headers(sent), body);
        String path = sent.getRequestUrl().encodedPath();
        if (!NOT_DESCRIBED.matcher(path).matches()) {
            assertThat(DESCRIPTION.complaintsAboutRequest(request))
                    .filteredOn(complaint ->
                            !KNOWN_TO_WORK.matcher(path + " " + complaint).matches())
                    .isEmpty();
        }
    }

    private static OpenApi description() {
        try {
            return OpenApi.load("iothub-service.2021-04-12.json");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void checkRequest(JsonNode expected, RecordedRequest sent, String name) {
        assertThat(sent.getMethod()).isEqualTo(expected.path("method").textValue());
        String[] target = sent.getPath().split("\\?", 2);
        assertThat(target[0]).isEqualTo(expected.path("path").textValue());
        assertThat(query(target[1])).isEqualTo(texts(expected.path("query")));

        Map<String, String> headers = texts(expected.path("headers"));
        headers.remove("authorization");
        assertThat(headers(sent)).isEqualTo(headers);
        SasToken token = SasToken.parse(sent.getHeader("Authorization"));
        assertThat(token.audience()).isEqualTo(TestHub.HOST);
        assertThat(token.policy()).contains(TestHub.POLICY);
        assertThat(token.isSignedBy(TestHub.KEY)).isTrue();
        assertThat(token.expiry()).isAfter(TestHub.START);

        String body = sent.getBody().readUtf8();
        if (expected.has("bodyText")) {
            assertThat(body).isEqualTo(expected.path("bodyText").textValue());
        } else if (expected.path("body").isNull()) {
            assertThat(body).isEmpty();
        } else if (name.equals("method-offline-old-form")) {
            // recorded from a client of 2016, which knew only one time-out; what counts here is the answer
            assertThat(Json.parse("body", body).path("payload"))
                    .isEqualTo(expected.path("body").path("payload"));
        } else {
            assertThat(Json.parse("body", body)).isEqualTo(normalized(expected.path("body")));
        }
    }

    private static void checkResult(JsonNode expected, java.util.concurrent.Callable<JsonNode> result) {
        int status = expected.path("status").intValue();
        if (status < 400 || !expected.path("body").has("Message")) {
            JsonNode body = expected.path("body");
            assertThat(result).satisfies(r -> assertThat(r.call())
                    .isEqualTo(body.isNull() || body.isMissingNode() ? null : normalized(body)));
            return;
        }
        assertThat(org.assertj.core.api.Assertions.catchThrowable(result::call))
                .isInstanceOfSatisfying(ServiceException.class, e -> {
                    assertThat(e.httpStatus()).isEqualTo(status);
                    HubError error = ServiceErrorBody.parse(
                                    Json.write(expected.path("body")),
                                    expected.path("headers")
                                            .path("iothub-errorcode")
                                            .textValue())
                            .error()
                            .orElseThrow();
                    assertThat(e.errorNumber()).hasValue(error.number());
                    assertThat(e.errorName()).contains(error.wireName());
                    assertThat(e.code()).isEqualTo(error.code());
                    if (Json.write(expected.path("body")).contains("racking")) {
                        assertThat(e.trackingId())
                                .hasValueSatisfying(id -> assertThat(id).isNotBlank());
                    }
                });
    }

    private static MockResponse answer(JsonNode response) {
        MockResponse out =
                new MockResponse().setResponseCode(response.path("status").intValue());
        texts(response.path("headers")).forEach(out::setHeader);
        if (response.has("bodyText")) {
            return out.setBody(response.path("bodyText").textValue());
        }
        JsonNode body = response.path("body");
        return body.isNull() || body.isMissingNode() ? out : out.setBody(Json.write(body));
    }

    /** Numbers as our parser makes them, so that trees compare. */
    private static JsonNode normalized(JsonNode tree) {
        return Json.parse("vector", Json.write(tree));
    }

    private static Map<String, String> headers(RecordedRequest sent) {
        Map<String, String> out = new TreeMap<>();
        sent.getHeaders()
                .toMultimap()
                .forEach((name, values) -> out.put(name.toLowerCase(java.util.Locale.ROOT), values.get(0)));
        out.keySet().removeAll(OUR_OWN_HEADERS);
        return out;
    }

    private static Map<String, String> query(String query) {
        return Stream.of(query.split("&"))
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(
                        pair -> PercentEncoding.decode(pair[0]),
                        pair -> PercentEncoding.decode(pair[1]),
                        (a, b) -> b,
                        TreeMap::new));
    }

    private static Map<String, String> texts(JsonNode object) {
        Map<String, String> out = new TreeMap<>();
        boolean headers = object.has("Authorization");
        object.properties()
                .forEach(e -> out.put(
                        headers ? e.getKey().toLowerCase(java.util.Locale.ROOT) : e.getKey(),
                        e.getValue().textValue()));
        return out;
    }

    private static boolean isDeviceCall(JsonNode vector) {
        String operation = vector.path("operation").textValue();
        return operation.startsWith("device");
    }

    private static Map<String, JsonNode> vectors() {
        Map<String, JsonNode> out = Vectors.elements(Vectors.file("rest.json").path("cases"))
                .collect(Collectors.toMap(c -> c.path("name").textValue(), c -> c, (a, b) -> b, TreeMap::new));
        assertThat(out).hasSizeGreaterThan(80);
        return out;
    }
}
