package io.hubwire.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.auth.TokenSource;
import io.hubwire.https.Await;
import io.hubwire.https.RetryPolicy;
import io.hubwire.https.ServiceException;
import io.hubwire.protocol.DeviceId;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.RemoteProtocolException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.RecordedRequest;
import okhttp3.mockwebserver.SocketPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ServiceClientTest {
    private static final DeviceId D1 = new DeviceId("d1");
    private static final Identity D1_TWIN = Identity.device("d1");
    private static final String TWIN = "{\"deviceId\":\"d1\",\"etag\":\"v1\"}";
    private static final String CONFLICT = "{\"Message\":\"ErrorCode:PreconditionFailed;version\"}";

    private final TestHub hub = new TestHub();
    private final ServiceClient client = hub.client();

    @AfterEach
    void close() {
        client.close();
        hub.close();
    }

    @Test
    void one_token_serves_until_it_is_time_for_the_next() {
        hub.server.answers(200, "[]").answers(200, "[]").answers(200, "[]");
        client.registry().blocking().list(1);
        hub.time.advance(Duration.ofMinutes(45));
        client.registry().blocking().list(1);
        hub.time.advance(Duration.ofMinutes(10));
        client.registry().blocking().list(1);

        String first = hub.server.takeRequest().getHeader("Authorization");
        assertThat(hub.server.takeRequest().getHeader("Authorization")).isEqualTo(first);
        assertThat(hub.server.takeRequest().getHeader("Authorization")).isNotEqualTo(first);
    }

    @Test
    void a_refused_token_is_not_used_again() {
        List<String> asked = new ArrayList<>();
        TokenSource tokens = TokenSource.ofProvider(
                now -> {
                    asked.add(now.toString());
                    return io.hubwire.auth.SasToken.sign(
                                    TestHub.HOST, TestHub.KEY, now.plusSeconds(3600 + asked.size()), TestHub.POLICY)
                            .text();
                },
                () -> 0L);
        ServiceOptions options = ServiceOptions.of(TestHub.HOST, tokens)
                .https(h -> h.port(hub.server.port()).connectHost("127.0.0.1").trust(hub.server.trust()))
                .build();
        try (ServiceClient own = ServiceClient.open(options, hub.time, hub.time, () -> 0L)) {
            hub.server.answers(401, "{}").answers(200, "[]").answers(200, "[]");
            failsWith(ErrorCode.UNAUTHORIZED, () -> own.registry().list(1));
            own.registry().blocking().list(1);
            own.registry().blocking().list(1);
        }
        assertThat(asked).hasSize(2);
    }

    @Test
    void a_token_provider_that_fails_fails_the_call() {
        TokenSource broken = TokenSource.ofProvider(now -> "no token", () -> 0L);
        try (ServiceClient own =
                ServiceClient.open(ServiceOptions.of(TestHub.HOST, broken).build(), hub.time, hub.time, () -> 0L)) {
            failsWith(ErrorCode.INVALID_ARGUMENT, () -> own.registry().list(1));
        }
    }

    @Test
    void update_takes_the_devices_own_tag_and_refuses_one_without() {
        hub.server.answers(200, "{\"deviceId\":\"d1\"}");
        client.registry().blocking().update(Device.parse("{\"deviceId\":\"d1\",\"etag\":\"MQ==\"}"));
        assertThat(hub.server.takeRequest().getHeader("If-Match")).isEqualTo("\"MQ==\"");
        assertThatThrownBy(() -> client.registry().update(Device.of("d1")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("[d1]");
    }

    @Test
    void the_tag_in_the_header_counts_more_than_the_one_in_the_body() {
        hub.server.answers(
                new MockResponse().setHeader("ETag", "\"new\"").setBody("{\"deviceId\":\"d1\",\"etag\":\"old\"}"));
        assertThat(client.registry().blocking().get(D1).etag()).contains("new");
    }

    @Test
    void an_absent_device_a_slow_one_and_a_confused_one_are_outcomes() {
        hub.server
                .answers(404, "{\"Message\":\"ErrorCode:DeviceNotOnline;off\"}")
                .answers(504, "{\"Message\":\"ErrorCode:GatewayTimeout;slow\"}")
                .answers(502, "{\"Message\":\"ErrorCode:GenericBadGateway;odd\"}")
                .answers(200, "{\"status\":500,\"payload\":{\"why\":\"broken\"}}")
                .answers(404, "{\"Message\":\"ErrorCode:DeviceNotFound;d1\"}");
        Methods.Blocking methods = client.methods().blocking();
        MethodCall call = MethodCall.of("m").build();

        assertThat(methods.outcome(D1_TWIN, call)).isInstanceOf(MethodOutcome.Offline.class);
        assertThat(methods.outcome(D1_TWIN, call)).isInstanceOf(MethodOutcome.TimedOut.class);
        assertThat(methods.outcome(D1_TWIN, call)).isInstanceOf(MethodOutcome.BadAnswer.class);
        assertThat(methods.outcome(D1_TWIN, call)).isInstanceOfSatisfying(MethodResult.class, result -> {
            assertThat(result.status()).isEqualTo(500);
            assertThat(result.isSuccess()).isFalse();
            assertThat(result.payload()).isEqualTo("{\"why\":\"broken\"}");
        });
        failsWith(ErrorCode.NOT_FOUND, () -> client.methods().outcome(D1_TWIN, call));
    }

    @Test
    void modify_starts_anew_from_the_twin_that_was_in_between() {
        hub.server
                .answers(200, "{\"deviceId\":\"d1\",\"etag\":\"v1\",\"properties\":{\"desired\":{\"n\":1}}}")
                .answers(412, CONFLICT)
                .answers(200, "{\"deviceId\":\"d1\",\"etag\":\"v2\",\"properties\":{\"desired\":{\"n\":5}}}")
                .answers(200, "{\"deviceId\":\"d1\",\"etag\":\"v3\",\"properties\":{\"desired\":{\"n\":6}}}");

        CompletableFuture<Twin> pending = client.twins().modify(D1_TWIN, ServiceClientTest::increment);
        await().pollInSameThread().atMost(5, TimeUnit.SECONDS).until(() -> {
            hub.time.advance(Duration.ofMillis(20)); // lets the pause after the 412 pass
            return pending.isDone();
        });

        assertThat(Await.on(pending).desired()).hasToString("{\"n\":6}");
        hub.server.takeRequest();
        assertThat(hub.server.takeRequest().getHeader("If-Match")).isEqualTo("\"v1\"");
        hub.server.takeRequest();
        var second = hub.server.takeRequest();
        assertThat(second.getHeader("If-Match")).isEqualTo("\"v2\"");
        assertThat(second.getBody().readUtf8()).isEqualTo("{\"properties\":{\"desired\":{\"n\":6}}}");
    }

    @Test
    void modify_loses_no_update_of_sixteen_writers() {
        TwinStore store = new TwinStore();
        hub.server.server().setDispatcher(store);
        try (ServiceClient real = ServiceClient.open(hub.options().build())) {
            List<CompletableFuture<Twin>> writers = IntStream.range(0, 16)
                    .mapToObj(i -> real.twins().modify(D1_TWIN, ServiceClientTest::increment))
                    .toList();
            writers.forEach(Await::on);
            assertThat(real.twins().blocking().get(D1_TWIN).desired()).hasToString("{\"n\":16}");
        }
        assertThat(store.conflicts).as("the writers did compete").hasPositiveValue();
    }

    @Test
    void modify_writes_nothing_when_there_is_nothing_to_write_and_gives_up_on_other_errors() {
        hub.server.answers(200, TWIN).answers(404, "{}");
        assertThat(client.twins()
                        .blocking()
                        .modify(D1_TWIN, twin -> TwinUpdate.nothing())
                        .etag())
                .contains("v1");
        failsWith(ErrorCode.NOT_FOUND, () -> client.twins().modify(D1_TWIN, ServiceClientTest::increment));
        assertThat(hub.server.requestCount()).isEqualTo(2);
    }

    @Test
    void a_query_streams_page_by_page_and_only_as_far_as_it_is_read() {
        hub.server
                .answers(page("[{\"deviceId\":\"a\"},{\"deviceId\":\"b\"}]", "t1"))
                .answers(page("[]", "t2"))
                .answers(page("[{\"deviceId\":\"c\"}]", "t3"));
        assertThat(client.queries()
                        .blocking()
                        .twins("SELECT * FROM devices")
                        .limit(3)
                        .map(t -> t.identity().deviceId()))
                .containsExactly("a", "b", "c");
        assertThat(hub.server.requestCount()).isEqualTo(3);
        assertThat(hub.server.takeRequest().getHeader("x-ms-continuation")).isNull();
        assertThat(hub.server.takeRequest().getHeader("x-ms-continuation")).isEqualTo("t1");
    }

    @Test
    void for_each_visits_every_row_of_every_page() {
        hub.server.answers(page("[{\"n\":1}]", "t1")).answers(200, "[{\"n\":2}]");
        List<ObjectNode> rows = new ArrayList<>();
        Await.on(client.queries().forEach("SELECT * FROM devices", PageRequest.first(1), rows::add));
        assertThat(rows).extracting(row -> row.path("n").intValue()).containsExactly(1, 2);
    }

    @Test
    void a_continuation_that_leads_nowhere_ends_the_paging() {
        hub.server.answers(page("[]", "t")).answers(page("[]", "t"));
        assertThatThrownBy(() -> client.queries().blocking().stream("SELECT * FROM devices")
                        .count())
                .isInstanceOf(RemoteProtocolException.class);
    }

    @Test
    void jobs_are_read_from_an_object_as_from_an_array() {
        hub.server.answers(
                200, "{\"type\":\"jobResponse\",\"items\":[{\"jobId\":\"j1\"}],\"continuationToken\":\"t\"}");
        Page<Job> page = client.jobs()
                .blocking()
                .list(java.util.Optional.empty(), java.util.Optional.empty(), PageRequest.first());
        assertThat(page.items()).extracting(Job::id).containsExactly("j1");
        assertThat(page.continuation()).contains("t");
        assertThat(page.itemType()).isEqualTo("jobResponse");
    }

    @Test
    void a_bad_request_without_a_bulk_result_is_an_error() {
        hub.server
                .answers(400, "{\"Message\":\"ErrorCode:ArgumentInvalid;no\"}")
                .answers(400, "oops");
        List<BulkEntry> entries = List.of(BulkEntry.create(Device.of("d1")));
        failsWith(ErrorCode.INVALID_ARGUMENT, () -> client.registry().bulk(entries));
        failsWith(ErrorCode.INVALID_ARGUMENT, () -> client.registry().bulk(entries));
    }

    @Test
    void a_bulk_error_may_have_a_number_for_a_name() {
        hub.server.answers(400, "{\"isSuccessful\":false,\"errors\":[{\"deviceId\":\"d1\",\"errorCode\":409001}]}");
        BulkResult result = client.registry().blocking().bulk(List.of(BulkEntry.create(Device.of("d1"))));
        assertThat(result.isSuccessful()).isFalse();
        assertThat(result.errors()).extracting(BulkResult.Failure::errorCode).containsExactly("409001");
    }

    @Test
    void new_keys_come_with_what_could_not_be_done() {
        String key = TestHub.KEY.base64();
        hub.server.answers(
                207,
                "{\"policyKey\":\"both\",\"rotatedKeys\":[{\"id\":\"d1\",\"moduleId\":\"m1\",\"primaryKey\":\"" + key
                        + "\",\"secondaryKey\":\"" + key + "\"}],\"errors\":[{\"id\":\"d2\",\"moduleId\":null,"
                        + "\"errorCode\":\"DeviceNotFound\",\"errorStatus\":\"d2\"}]}");
        try (ServiceClient newer = hub.client("2024-03-31")) {
            RotatedKeys result = newer.registry()
                    .blocking()
                    .regenerateKeys(KeyChoice.BOTH, List.of(Identity.module("d1", "m1"), Identity.device("d2")));
            assertThat(result.rotated())
                    .containsExactly(new RotatedKeys.Keys(Identity.module("d1", "m1"), TestHub.KEY, TestHub.KEY));
            assertThat(result.errors())
                    .containsExactly(new BulkResult.Failure("d2", null, "DeviceNotFound", "d2", null));
            assertThat(result.toString()).doesNotContain(key);
        }
        RecordedRequest sent = hub.server.takeRequest();
        assertThat(sent.getPath()).isEqualTo("/devices/keys/regenerate?api-version=2024-03-31");
        assertThat(sent.getBody().readUtf8())
                .isEqualTo(
                        "{\"policyKey\":\"both\",\"devices\":[{\"id\":\"d1\",\"moduleId\":\"m1\"},{\"id\":\"d2\"}]}");
    }

    @Test
    void a_damaged_new_key_is_the_hubs_mistake_and_does_not_show() {
        hub.server.answers(
                200, "{\"rotatedKeys\":[{\"id\":\"d1\",\"primaryKey\":\"c2VjcmV0\",\"secondaryKey\":\"c2VjcmV0\"}]}");
        try (ServiceClient newer = hub.client("2024-03-31")) {
            assertThatThrownBy(() -> newer.registry().blocking().regenerateKeys(KeyChoice.BOTH, List.of(D1_TWIN)))
                    .isInstanceOf(RemoteProtocolException.class)
                    .hasMessageContaining("[primaryKey]")
                    .hasMessageNotContaining("c2VjcmV0");
        }
    }

    @Test
    void new_keys_are_not_asked_for_where_the_version_has_none_or_nothing_is_to_do() {
        assertThatThrownBy(() -> client.registry().regenerateKeys(KeyChoice.BOTH, List.of(D1_TWIN)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("[2021-04-12]")
                .hasMessageContaining("2024-03-31");
        hub.server
                .answers(400, "{\"Message\":\"ErrorCode:InvalidPolicyKey;no\"}")
                .answers(200, "{}");
        try (ServiceClient newer = hub.client("2024-03-31")) {
            assertThatThrownBy(() -> newer.registry().regenerateKeys(KeyChoice.BOTH, List.of()))
                    .isInstanceOf(InvalidInputException.class);
            failsWith(ErrorCode.INVALID_ARGUMENT, () -> newer.registry()
                    .regenerateKeys(KeyChoice.PRIMARY, List.of(D1_TWIN)));
            assertThatThrownBy(() -> newer.registry().blocking().regenerateKeys(KeyChoice.PRIMARY, List.of(D1_TWIN)))
                    .isInstanceOf(RemoteProtocolException.class)
                    .hasMessageContaining("rotatedKeys");
        }
    }

    @Test
    void a_throttled_reading_waits_as_long_as_the_hub_asks_and_a_throttled_creation_tells_how_long() {
        ServiceOptions patient =
                hub.options().https(h -> h.retry(RetryPolicy.DEFAULT)).build();
        try (ServiceClient own = ServiceClient.open(patient, hub.time, hub.time, () -> 0L)) {
            hub.server
                    .answers(throttled("7"))
                    .answers(200, "{\"deviceId\":\"d1\"}")
                    .answers(throttled("9"));
            CompletableFuture<Device> reading = own.registry().get(D1);
            hub.server.takeRequest();
            await().atMost(Duration.ofSeconds(10)).until(() -> {
                hub.time.advance(Duration.ofSeconds(1));
                return reading.isDone();
            });
            assertThat(Await.on(reading).id()).isEqualTo(D1);
            assertThat(hub.time.instant()).isAfterOrEqualTo(TestHub.START.plusSeconds(7));
            hub.server.takeRequest();

            assertThatThrownBy(() -> own.registry().blocking().create(Device.of("d2")))
                    .isInstanceOfSatisfying(ServiceException.class, e -> {
                        assertThat(e.code()).isEqualTo(ErrorCode.THROTTLED);
                        assertThat(e.isRetryable()).isTrue();
                        assertThat(e.retryAfter()).contains(Duration.ofSeconds(9));
                    });
            hub.server.takeRequest();
            assertThat(hub.server.requestCount()).isEqualTo(3);
        }
    }

    private static MockResponse throttled(String retryAfter) {
        return new MockResponse()
                .setResponseCode(429)
                .setHeader("Retry-After", retryAfter)
                .setBody("{\"Message\":\"ErrorCode:ThrottlingException;Wait\",\"ExceptionMessage\":\"\"}");
    }

    @Test
    void feedback_without_a_lock_token_is_an_error_and_an_unknown_status_is_not() {
        hub.server
                .answers(200, "[]")
                .answers(new MockResponse()
                        .setHeader("ETag", "\"lock\"")
                        .setBody("[{\"deviceId\":\"d1\",\"statusCode\":\"Lost\",\"future\":1}]"));
        assertThatThrownBy(() -> client.c2d().blocking().receiveFeedback()).isInstanceOf(RemoteProtocolException.class);
        FeedbackBatch batch = client.c2d().blocking().receiveFeedback().orElseThrow();
        assertThat(batch.lockToken()).isEqualTo("lock");
        FeedbackRecord record = batch.records().get(0);
        assertThat(record.status()).isEqualTo(FeedbackRecord.Status.UNKNOWN);
        assertThat(record.statusCode()).isEqualTo("Lost");
        assertThat(record.json()).contains("future");
    }

    @Test
    void an_answer_that_is_not_json_is_named_as_such() {
        hub.server.answers(200, "<html>").answers(200, "{}").answers(200, "[1]");
        assertThatThrownBy(() -> client.registry().blocking().get(D1))
                .isInstanceOf(RemoteProtocolException.class)
                .hasMessageContaining("device is not JSON");
        assertThatThrownBy(() -> client.twins().blocking().get(D1_TWIN)).hasMessageContaining("[deviceId]");
        assertThatThrownBy(() -> client.registry().blocking().list(1)).hasMessageContaining("index [0]");
    }

    @Test
    void a_method_waits_longer_than_other_calls() {
        hub.server.answers(new MockResponse().setSocketPolicy(SocketPolicy.NO_RESPONSE));
        CompletableFuture<MethodResult> pending =
                client.methods().invoke(D1_TWIN, MethodCall.of("m").build());
        hub.server.takeRequest();
        hub.time.advance(Duration.ofSeconds(44));
        assertThat(pending).isNotDone();
        hub.time.advance(Duration.ofSeconds(1));
        failsWith(ErrorCode.TIMED_OUT, () -> pending);
    }

    @Test
    void a_refusal_tells_the_tracking_id() {
        hub.server.answers(
                409,
                "{\"Message\":\"ErrorCode:DeviceAlreadyExists;taken\",\"ExceptionMessage\":\"Tracking ID:0123abcd-G:1-TimeStamp:01/02/2024 03:04:05\"}");
        assertThatThrownBy(() -> client.registry().blocking().create(Device.of("d1")))
                .isInstanceOfSatisfying(ServiceException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT);
                    assertThat(e.trackingId()).isPresent();
                    assertThat(e.getStackTrace())
                            .anyMatch(f -> f.getClassName().equals(ServiceClientTest.class.getName()));
                });
    }

    private static TwinUpdate increment(Twin twin) {
        return TwinUpdate.desired("{\"n\":" + (twin.desired().path("n").asInt() + 1) + "}");
    }

    private static MockResponse page(String rows, String continuation) {
        return new MockResponse().setHeader("x-ms-continuation", continuation).setBody(rows);
    }

    private static void failsWith(ErrorCode code, Supplier<CompletableFuture<?>> call) {
        assertThatThrownBy(() -> Await.on(call.get()))
                .isInstanceOfSatisfying(
                        HubwireException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
