package io.hubwire.localhub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.hubwire.auth.TlsTrust;
import io.hubwire.localhub.PahoDevice.Received;
import io.hubwire.localhub.engine.FeedbackQueue;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.SystemProperty;
import io.hubwire.protocol.time.FakeTime;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A cloud-to-device message in each state, and what each action makes of it, over HTTPS and MQTT, on one queue. Each row
 * has a device of its own, which has subscribed once and so has a session at the hub. Source: device-http 4.
 */
@Timeout(120)
class C2dLifeCycleTest {
    private static final Duration LOCK = Duration.ofSeconds(60);
    private static final Duration LIFE = Duration.ofMinutes(10);
    private static final String NOBODYS_TOKEN = "00000000-0000-0000-0000-000000000000";

    private static final FakeTime TIME = new FakeTime(Instant.parse("2030-01-01T00:00:00Z"));
    private static LocalHub hub;
    private static OkHttpClient http;

    private Identity identity = Identity.device("device1");
    private Optional<PahoDevice> mqtt = Optional.empty();
    private String lockToken = NOBODYS_TOKEN;
    private Optional<Received> inFlight = Optional.empty();

    enum State {
        NONE,
        ENQUEUED,
        LOCKED_BY_HTTP,
        LOCKED_BY_MQTT,
        COMPLETED,
        REJECTED,
        EXPIRED,
        PURGED
    }

    enum Action {
        HTTP_RECEIVE,
        HTTP_COMPLETE,
        HTTP_ABANDON,
        HTTP_REJECT,
        MQTT_CONNECT,
        MQTT_PUBACK,
        MQTT_VANISH,
        LOCK_ENDS,
        LIFE_ENDS,
        PURGE
    }

    @BeforeAll
    static void start() throws Exception {
        hub = LocalHub.start(LocalHubOptions.builder().time(TIME, TIME).build());
        TlsTrust trust = TlsTrust.pem(hub.caFile());
        http = new OkHttpClient.Builder()
                .sslSocketFactory(trust.context().getSocketFactory(), trust.trustManager())
                .build();
    }

    @AfterAll
    static void stop() {
        http.dispatcher().executorService().shutdownNow();
        http.connectionPool().evictAll();
        hub.close();
    }

    @BeforeEach
    void subscribeOnce() throws Exception {
        identity = TestDevices.create(hub);
        try (PahoDevice device = PahoDevice.of(hub, identity)) {
            device.connect();
            device.subscribe("devices/" + identity.deviceId() + "/messages/devicebound/#", 1);
        }
        awaitOffline();
    }

    @AfterEach
    void leave() throws Exception {
        if (mqtt.isPresent()) {
            mqtt.get().close();
        }
        records();
    }

    /**
     * What the actor sees: an HTTP status, {@code sent} or {@code resent} (with DUP) over MQTT, {@code silent}, the number
     * purged; how many messages the queue then has; which feedback was made.
     */
    @ParameterizedTest(name = "{0} {1}: {2}, {3} left, {4}")
    @CsvSource({
        "NONE,           HTTP_RECEIVE,  204,    0, -",
        "NONE,           HTTP_COMPLETE, 412,    0, -",
        "NONE,           HTTP_ABANDON,  412,    0, -",
        "NONE,           HTTP_REJECT,   412,    0, -",
        "NONE,           MQTT_CONNECT,  silent, 0, -",
        "NONE,           MQTT_PUBACK,   silent, 0, -",
        "NONE,           MQTT_VANISH,   silent, 0, -",
        "NONE,           LOCK_ENDS,     silent, 0, -",
        "NONE,           LIFE_ENDS,     silent, 0, -",
        "NONE,           PURGE,         0,      0, -",
        "ENQUEUED,       HTTP_RECEIVE,  200,    1, -",
        "ENQUEUED,       HTTP_COMPLETE, 412,    1, -",
        "ENQUEUED,       HTTP_ABANDON,  412,    1, -",
        "ENQUEUED,       HTTP_REJECT,   412,    1, -",
        "ENQUEUED,       MQTT_CONNECT,  sent,   1, -",
        "ENQUEUED,       MQTT_PUBACK,   silent, 1, -",
        "ENQUEUED,       MQTT_VANISH,   silent, 1, -",
        "ENQUEUED,       LOCK_ENDS,     silent, 1, -",
        "ENQUEUED,       LIFE_ENDS,     silent, 0, Expired",
        "ENQUEUED,       PURGE,         1,      0, Purged",
        "LOCKED_BY_HTTP, HTTP_RECEIVE,  204,    1, -",
        "LOCKED_BY_HTTP, HTTP_COMPLETE, 204,    0, Success",
        "LOCKED_BY_HTTP, HTTP_ABANDON,  204,    1, -",
        "LOCKED_BY_HTTP, HTTP_REJECT,   204,    0, Rejected",
        "LOCKED_BY_HTTP, MQTT_CONNECT,  silent, 1, -",
        "LOCKED_BY_HTTP, MQTT_PUBACK,   silent, 1, -",
        "LOCKED_BY_HTTP, MQTT_VANISH,   silent, 1, -",
        "LOCKED_BY_HTTP, LOCK_ENDS,     silent, 1, -",
        "LOCKED_BY_HTTP, LIFE_ENDS,     silent, 0, Expired",
        "LOCKED_BY_HTTP, PURGE,         1,      0, Purged",
        "LOCKED_BY_MQTT, HTTP_RECEIVE,  204,    1, -",
        "LOCKED_BY_MQTT, HTTP_COMPLETE, 412,    1, -",
        "LOCKED_BY_MQTT, HTTP_ABANDON,  412,    1, -",
        "LOCKED_BY_MQTT, HTTP_REJECT,   412,    1, -",
        "LOCKED_BY_MQTT, MQTT_CONNECT,  resent, 1, -",
        "LOCKED_BY_MQTT, MQTT_PUBACK,   silent, 0, Success",
        "LOCKED_BY_MQTT, MQTT_VANISH,   silent, 1, -",
        "LOCKED_BY_MQTT, LOCK_ENDS,     resent, 1, -",
        "LOCKED_BY_MQTT, LIFE_ENDS,     any,    0, Expired",
        "LOCKED_BY_MQTT, PURGE,         1,      0, Purged",
        "COMPLETED,      HTTP_RECEIVE,  204,    0, -",
        "COMPLETED,      HTTP_COMPLETE, 412,    0, -",
        "COMPLETED,      HTTP_ABANDON,  412,    0, -",
        "COMPLETED,      HTTP_REJECT,   412,    0, -",
        "COMPLETED,      MQTT_CONNECT,  silent, 0, -",
        "COMPLETED,      MQTT_PUBACK,   silent, 0, -",
        "COMPLETED,      MQTT_VANISH,   silent, 0, -",
        "COMPLETED,      LOCK_ENDS,     silent, 0, -",
        "COMPLETED,      LIFE_ENDS,     silent, 0, -",
        "COMPLETED,      PURGE,         0,      0, -",
        "REJECTED,       HTTP_RECEIVE,  204,    0, -",
        "REJECTED,       HTTP_COMPLETE, 412,    0, -",
        "REJECTED,       HTTP_ABANDON,  412,    0, -",
        "REJECTED,       HTTP_REJECT,   412,    0, -",
        "REJECTED,       MQTT_CONNECT,  silent, 0, -",
        "REJECTED,       MQTT_PUBACK,   silent, 0, -",
        "REJECTED,       MQTT_VANISH,   silent, 0, -",
        "REJECTED,       LOCK_ENDS,     silent, 0, -",
        "REJECTED,       LIFE_ENDS,     silent, 0, -",
        "REJECTED,       PURGE,         0,      0, -",
        "EXPIRED,        HTTP_RECEIVE,  204,    0, -",
        "EXPIRED,        HTTP_COMPLETE, 412,    0, -",
        "EXPIRED,        HTTP_ABANDON,  412,    0, -",
        "EXPIRED,        HTTP_REJECT,   412,    0, -",
        "EXPIRED,        MQTT_CONNECT,  silent, 0, -",
        "EXPIRED,        MQTT_PUBACK,   silent, 0, -",
        "EXPIRED,        MQTT_VANISH,   silent, 0, -",
        "EXPIRED,        LOCK_ENDS,     silent, 0, -",
        "EXPIRED,        LIFE_ENDS,     silent, 0, -",
        "EXPIRED,        PURGE,         0,      0, -",
        "PURGED,         HTTP_RECEIVE,  204,    0, -",
        "PURGED,         HTTP_COMPLETE, 412,    0, -",
        "PURGED,         HTTP_ABANDON,  412,    0, -",
        "PURGED,         HTTP_REJECT,   412,    0, -",
        "PURGED,         MQTT_CONNECT,  silent, 0, -",
        "PURGED,         MQTT_PUBACK,   silent, 0, -",
        "PURGED,         MQTT_VANISH,   silent, 0, -",
        "PURGED,         LOCK_ENDS,     silent, 0, -",
        "PURGED,         LIFE_ENDS,     silent, 0, -",
        "PURGED,         PURGE,         0,      0, -"
    })
    void every_action_in_every_state(State state, Action action, String seen, int left, String feedback)
            throws Exception {
        bringInto(state);
        records();

        String answer = act(action, seen.endsWith("sent"));

        assertThat(seen).isIn(answer, "any");
        await().untilAsserted(
                        () -> assertThat(hub.engine().c2d().pending(identity)).isEqualTo(left));
        assertThat(records()).isEqualTo(feedback.equals("-") ? List.of() : List.of(feedback));
    }

    @Test
    void every_pair_has_a_row() throws Exception {
        CsvSource table = C2dLifeCycleTest.class
                .getDeclaredMethod(
                        "every_action_in_every_state", State.class, Action.class, String.class, int.class, String.class)
                .getAnnotation(CsvSource.class);
        assertThat(List.of(table.value()).stream()
                        .map(row -> row.split(",")[0].strip() + row.split(",")[1].strip())
                        .distinct())
                .hasSize(State.values().length * Action.values().length);
    }

    @Test
    void what_http_gives_back_comes_over_mqtt_next() throws Exception {
        bringInto(State.LOCKED_BY_HTTP);
        PahoDevice device = online();
        assertThat(settle("POST", "/abandon")).isEqualTo("204");
        assertThat(device.next().body()).isEqualTo("hello");
    }

    @Test
    void what_mqtt_did_not_acknowledge_comes_over_http_next_and_is_not_counted() throws Exception {
        bringInto(State.LOCKED_BY_MQTT);
        act(Action.MQTT_VANISH, false);
        try (Response response = call("GET", "")) {
            assertThat(response.code()).isEqualTo(200);
            assertThat(response.header("iothub-deliverycount")).isEqualTo("0");
        }
    }

    @Test
    void only_giving_back_is_counted_and_the_tenth_time_is_the_last() throws Exception {
        enqueue();
        for (int i = 0; i < 10; i++) {
            receive(Integer.toString(i));
            assertThat(settle("POST", "/abandon")).isEqualTo("204");
        }
        assertThat(hub.engine().c2d().pending(identity)).isZero();
        assertThat(records()).containsExactly("DeliveryCountExceeded");
    }

    @Test
    void a_lock_that_ran_out_is_lost_and_the_count_stays() throws Exception {
        bringInto(State.LOCKED_BY_HTTP);
        TIME.advance(LOCK);
        String stale = lockToken;
        receive("0");
        String held = lockToken;
        lockToken = stale;
        assertThat(settle("DELETE", "")).isEqualTo("412");
        lockToken = held;
        assertThat(settle("DELETE", "")).isEqualTo("204");
    }

    @Test
    void a_message_that_expires_while_it_is_locked_can_still_be_completed() throws Exception {
        enqueue();
        TIME.advance(LIFE.minusSeconds(10));
        receive("0");
        TIME.advance(Duration.ofSeconds(20));
        assertThat(settle("DELETE", "")).isEqualTo("204");
        assertThat(records()).containsExactly("Success");
    }

    private void bringInto(State state) throws Exception {
        if (state != State.NONE) {
            enqueue();
        }
        switch (state) {
            case NONE, ENQUEUED -> {}
            case LOCKED_BY_HTTP -> receive("0");
            case LOCKED_BY_MQTT -> inFlight = Optional.of(online().next());
            case COMPLETED -> {
                receive("0");
                assertThat(settle("DELETE", "")).isEqualTo("204");
            }
            case REJECTED -> {
                receive("0");
                assertThat(settle("DELETE", "?reject=")).isEqualTo("204");
            }
            case EXPIRED -> {
                receive("0");
                TIME.advance(LIFE);
            }
            case PURGED -> {
                receive("0");
                assertThat(hub.engine().c2d().purge(identity)).isEqualTo(1);
            }
        }
    }

    /** @param delivers whether MQTT is expected to deliver something, and so waited for */
    private String act(Action action, boolean delivers) throws Exception {
        return switch (action) {
            case HTTP_RECEIVE -> status(call("GET", ""));
            case HTTP_COMPLETE -> settle("DELETE", "");
            case HTTP_ABANDON -> settle("POST", "/abandon");
            case HTTP_REJECT -> settle("DELETE", "?reject=");
            case MQTT_CONNECT -> {
                if (mqtt.isPresent()) {
                    mqtt.get().vanish();
                    awaitOffline();
                }
                yield whatComes(online(), delivers);
            }
            case MQTT_PUBACK -> {
                PahoDevice device = inFlight.isPresent() ? mqtt.orElseThrow() : withoutDeliveries();
                // one for a packet that was never sent must be harmless
                device.acknowledge(inFlight.orElseGet(() -> new Received("", "", 1, false, 4711)));
                yield barrier(device);
            }
            case MQTT_VANISH -> {
                PahoDevice device = mqtt.isPresent() ? mqtt.get() : withoutDeliveries();
                device.vanish();
                awaitOffline();
                yield "silent";
            }
            case LOCK_ENDS -> {
                TIME.advance(LOCK);
                yield mqtt.isPresent() ? whatComes(mqtt.get(), delivers) : "silent";
            }
            case LIFE_ENDS -> {
                TIME.advance(LIFE);
                // a message that MQTT holds at that moment expires when its lock does
                await().until(() -> {
                    TIME.advance(LOCK);
                    return hub.engine().c2d().pending(identity) == 0;
                });
                yield "silent";
            }
            case PURGE -> Integer.toString(hub.engine().c2d().purge(identity));
        };
    }

    private void enqueue() {
        hub.engine()
                .c2d()
                .enqueue(
                        identity,
                        Message.builder("hello")
                                .messageId("m")
                                .expiry(TIME.instant().plus(LIFE))
                                .system(SystemProperty.ACK, "full")
                                .build());
    }

    /** The device with its old session, and so its subscription. */
    private PahoDevice online() throws Exception {
        PahoDevice device = PahoDevice.of(hub, identity).manualAcks();
        mqtt = Optional.of(device);
        assertThat(device.connect()).isTrue();
        return device;
    }

    /** The device online without a subscription, so that nothing is handed to it. */
    private PahoDevice withoutDeliveries() throws Exception {
        PahoDevice device = PahoDevice.of(hub, identity).manualAcks().cleanSession(true);
        mqtt = Optional.of(device);
        device.connect();
        return device;
    }

    /** Deliveries and the acknowledgement of an event may overtake each other, so what should come is waited for by itself. */
    private String whatComes(PahoDevice device, boolean delivers) throws Exception {
        if (delivers) {
            return device.next().duplicate() ? "resent" : "sent";
        }
        return barrier(device);
    }

    private String barrier(PahoDevice device) throws Exception {
        device.publish("devices/" + identity.deviceId() + "/messages/events/", "barrier");
        return device.waiting() == 0 ? "silent" : device.next().duplicate() ? "resent" : "sent";
    }

    private void receive(String deliveryCount) throws IOException {
        try (Response response = call("GET", "")) {
            assertThat(response.code()).isEqualTo(200);
            assertThat(response.header("iothub-deliverycount")).isEqualTo(deliveryCount);
            lockToken = String.valueOf(response.header("ETag")).replace("\"", "");
        }
    }

    private String settle(String method, String rest) throws IOException {
        return status(call(method, "/" + lockToken + rest));
    }

    private static String status(Response response) {
        try (response) {
            return Integer.toString(response.code());
        }
    }

    private Response call(String method, String rest) throws IOException {
        String url =
                "https://localhost:" + hub.httpsPort() + "/" + identity.resource() + "/messages/deviceBound" + rest;
        String token = PahoDevice.token(hub, identity, TIME.instant().plusSeconds(3600));
        return http.newCall(new Request.Builder()
                        .url(url + (rest.contains("?") ? "&" : "?") + "api-version=2021-04-12")
                        .header("Authorization", token)
                        .method(method, method.equals("POST") ? RequestBody.create(null, new byte[0]) : null)
                        .build())
                .execute();
    }

    private void awaitOffline() {
        await().until(() -> hub.engine().sessions().current(identity).isEmpty());
    }

    /** Status codes of the feedback on this device that is there; all feedback is taken. */
    private List<String> records() {
        List<String> codes = new ArrayList<>();
        Optional<FeedbackQueue.Batch> batch = hub.engine().feedback().next(64);
        while (batch.isPresent()) {
            for (JsonNode record : batch.get().records()) {
                if (record.path("deviceId").asText().equals(identity.deviceId())) {
                    codes.add(record.path("statusCode").asText());
                }
            }
            hub.engine().feedback().complete(batch.get().lockToken());
            batch = hub.engine().feedback().next(64);
        }
        return codes;
    }
}
