package io.hubwire.devicehttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.hubwire.auth.SasToken;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.auth.TokenSource;
import io.hubwire.https.Await;
import io.hubwire.https.ServiceException;
import io.hubwire.https.loopback.LoopbackServer;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.SystemProperty;
import io.hubwire.protocol.http.EventBatch;
import io.hubwire.protocol.http.FileUpload;
import io.hubwire.protocol.json.Json;
import io.hubwire.protocol.vectors.Vectors;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import okhttp3.HttpUrl;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every case of {@code vectors/rest.json} that a device sends: this call sends that request and reads that answer. */
@Timeout(30)
class RestVectorsTest {
    private static final String HUB = "hub.example-devices.net";
    private static final String TOKEN = "3a28fb44-0d00-4ddd-ade3-6110eb94c476";
    private static final String CORRELATION = "MjAyNDAxMDJfMDAwMQ==";
    private static final Message EVENT = Message.builder("{\"temp\":21}")
            .messageId("t-1")
            .correlationId("c-1")
            .contentType("application/json")
            .contentEncoding("utf-8")
            .property("level", "info")
            .build();
    private static final List<Message> BATCH =
            List.of(Message.builder("hello").property("k", "v").build(), Message.of("plain"));

    /** Which call of ours makes the request of which case. */
    private static final Map<String, Function<HttpDeviceClient, CompletableFuture<?>>> CALLS =
            new TreeMap<>(Map.ofEntries(
                    Map.entry("device-send-single", d -> d.send(EVENT)),
                    Map.entry("device-send-batch", d -> d.sendBatch(BATCH)),
                    Map.entry("device-receive-none", HttpDeviceClient::receive),
                    Map.entry("device-receive-one", HttpDeviceClient::receive),
                    Map.entry("device-complete", d -> d.complete(TOKEN)),
                    Map.entry("device-reject", d -> d.reject(TOKEN)),
                    Map.entry("device-abandon", d -> d.abandon(TOKEN)),
                    Map.entry("device-complete-lock-lost", d -> d.complete("00000000-0000-0000-0000-000000000000")),
                    Map.entry("file-upload-init", d -> d.files().initiate("myfile.txt")),
                    Map.entry("file-upload-too-many", d -> d.files().initiate("eleventh.bin")),
                    Map.entry("file-upload-notify-ok", d -> d.files()
                            .finish(new FileUpload.Outcome(CORRELATION, true, 200, "File uploaded successfully"))),
                    Map.entry("file-upload-bad-correlation", d -> d.files()
                            .finish(new FileUpload.Outcome("nope", true, 200, "")))));

    /** Cases of devices that ours never sends. */
    private static final Map<String, String> NOT_OURS = Map.of(
            "device-send-too-large", "we refuse it before it is sent, as another test shows",
            "file-upload-notify-old-path", "the id is in our body only");

    /** Headers that others add and the hub does not need. */
    private static final Set<String> OPTIONAL = Set.of("iothub-to");

    private final LoopbackServer server = LoopbackServer.start(HUB);

    private HttpDeviceClient device(String apiVersion) {
        SymmetricKey key = SymmetricKey.ofBytes(new byte[32]);
        Identity identity = Identity.device("dev1");
        return HttpDeviceClient.open(DeviceHttpOptions.of(
                        HUB, identity, TokenSource.ofIdentity(HUB, identity, key, RandomGenerator.getDefault()))
                .apiVersion(apiVersion)
                .https(h -> h.port(server.port()).connectHost("127.0.0.1").trust(server.trust()))
                .build());
    }

    @AfterEach
    void close() {
        server.close();
    }

    private static Map<String, JsonNode> vectors() {
        Map<String, JsonNode> device = new TreeMap<>();
        Vectors.elements(Vectors.file("rest.json").path("cases"))
                .filter(c -> c.path("operation").asText().startsWith("device"))
                .forEach(c -> device.put(c.path("name").asText(), c));
        return device;
    }

    static Stream<String> cases() {
        return CALLS.keySet().stream();
    }

    @Test
    void every_case_of_a_device_is_played_or_known_not_to_be_ours() {
        assertThat(vectors().keySet()).hasSizeGreaterThan(10).allSatisfy(name -> assertThat(
                        CALLS.containsKey(name) || NOT_OURS.containsKey(name))
                .as(name)
                .isTrue());
        assertThat(vectors().keySet()).containsAll(CALLS.keySet()).containsAll(NOT_OURS.keySet());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void sends_this_request_and_reads_this_answer(String name) throws Exception {
        JsonNode vector = vectors().get(name);
        server.answers(answer(vector.path("response")));
        try (HttpDeviceClient device =
                device(vector.at("/request/query/api-version").asText())) {
            CompletableFuture<?> called = CALLS.get(name).apply(device);
            compare(vector.path("request"), server.takeRequest());
            if (vector.at("/response/status").asInt() >= 400) {
                assertThatThrownBy(() -> Await.on(called)).isInstanceOfSatisfying(ServiceException.class, refused -> {
                    assertThat(refused.httpStatus())
                            .isEqualTo(vector.at("/response/status").asInt());
                    assertThat(refused.errorName())
                            .contains(vector.at("/response/headers/iothub-errorcode")
                                    .asText());
                });
            } else {
                Await.on(called);
            }
        }
    }

    private static void compare(JsonNode expected, RecordedRequest actual) throws IOException {
        HttpUrl url = actual.getRequestUrl();
        assertThat(actual.getMethod()).isEqualTo(expected.path("method").asText());
        assertThat(url.encodedPath()).isEqualTo(expected.path("path").asText());
        expected.path("query").properties().forEach(q -> assertThat(url.queryParameter(q.getKey()))
                .isEqualTo(q.getValue().asText()));
        assertThat(url.querySize()).isEqualTo(expected.path("query").size());
        expected.path("headers").properties().forEach(h -> {
            String value = actual.getHeader(h.getKey());
            if (h.getKey().equals("Authorization")) {
                SasToken token = SasToken.parse(String.valueOf(value));
                assertThat(token.rawAudience()).isEqualTo(HUB + "%2Fdevices%2Fdev1");
                assertThat(token.expiry()).isAfter(Instant.EPOCH);
            } else if (!OPTIONAL.contains(h.getKey())) {
                assertThat(value).as(h.getKey()).isEqualTo(h.getValue().asText());
            }
        });
        byte[] body = actual.getBody().readByteArray();
        if (expected.has("bodyText")) {
            assertThat(new String(body, java.nio.charset.StandardCharsets.UTF_8))
                    .isEqualTo(expected.path("bodyText").asText());
        } else if (expected.path("body").isArray()) {
            // we write each body in base64 and say so, which is the same batch
            assertThat(EventBatch.parse(body)).isEqualTo(EventBatch.parse(Json.writeBytes(expected.path("body"))));
        } else if (expected.path("body").isObject()) {
            assertThat(Json.parse("body", body)).isEqualTo(expected.path("body"));
        } else {
            assertThat(body).isEmpty();
        }
    }

    private static MockResponse answer(JsonNode response) {
        MockResponse answer =
                new MockResponse().setResponseCode(response.path("status").asInt());
        response.path("headers")
                .properties()
                .forEach(h -> answer.setHeader(h.getKey(), h.getValue().asText()));
        if (response.has("bodyText")) {
            answer.setBody(response.path("bodyText").asText());
        } else if (!response.path("body").isNull()) {
            answer.setBody(Json.write(response.path("body")));
        }
        return answer;
    }

    @Test
    void a_received_message_says_all_that_the_headers_say() {
        server.answers(answer(vectors().get("device-receive-one").path("response")));
        Instant before = Instant.now();
        try (HttpDeviceClient device = device("2021-04-12")) {
            LockedMessage received = device.blocking().receive().orElseThrow();

            assertThat(received.lockToken()).isEqualTo(TOKEN);
            assertThat(received.message())
                    .isEqualTo(Message.builder("{\"cmd\":1}")
                            .messageId("m-1")
                            .correlationId("c-1")
                            .system(SystemProperty.TO, "/devices/dev1/messages/deviceBound")
                            .system(SystemProperty.ACK, "full")
                            .expiry(Instant.parse("2019-12-09T12:10:00Z"))
                            .contentType("application/json")
                            .contentEncoding("utf-8")
                            .property("k", "v")
                            .build());
            assertThat(received.sequenceNumber()).isEqualTo(1);
            assertThat(received.deliveryCount()).isZero();
            assertThat(received.enqueued()).contains(Instant.parse("2019-12-09T12:00:00Z"));
            assertThat(received.lockedUntil())
                    .isBetween(before.plusSeconds(60), Instant.now().plusSeconds(60));
        }
    }

    @Test
    void a_refusal_of_the_hub_for_size_is_read_too() {
        server.answers(answer(vectors().get("device-send-too-large").path("response")));
        try (HttpDeviceClient device = device("2021-04-12")) {
            assertThatThrownBy(() -> device.blocking().send(EVENT))
                    .isInstanceOfSatisfying(ServiceException.class, e -> assertThat(e.errorName())
                            .contains("MessageTooLarge"));
            assertThatThrownBy(
                            () -> device.send(Message.builder(new byte[262_145]).build()))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("262145");
            assertThat(server.requestCount()).isEqualTo(1);
        }
    }
}
