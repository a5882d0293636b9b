package io.hubwire.localhub.https;

import static io.hubwire.localhub.https.HubOverHttps.VERSION;
import static io.hubwire.localhub.https.HubOverHttps.body;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hubwire.localhub.https.HubOverHttps.Answer;
import io.hubwire.localhub.throttling.Admission;
import io.hubwire.localhub.throttling.Quota;
import io.hubwire.localhub.throttling.Throttle;
import io.hubwire.localhub.throttling.Tier;
import io.hubwire.localhub.tls.HubTls;
import io.hubwire.protocol.Identity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A hub of tier F1 with bursts of 3 s (5 identity operations, 1 query) and no backlog but for one test. */
@Timeout(60)
class ThrottlingOverHttpsTest {
    private static HubTls tls;
    private HubOverHttps hub;

    @BeforeAll
    static void certificate(@TempDir Path folder) throws Exception {
        tls = HubOverHttps.tls(folder);
    }

    @BeforeEach
    void start() throws Exception {
        hub = hub(Duration.ZERO);
        hub.device("d1");
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    private static HubOverHttps hub(Duration backlog) throws Exception {
        return new HubOverHttps(tls, options -> options.withQuota(new Quota(Tier.F1, Duration.ofSeconds(3), backlog)));
    }

    @Test
    void refuses_with_429001_and_the_seconds_to_wait() throws Exception {
        for (int i = 0; i < 5; i++) {
            assertThat(hub.send(hub.owner("/devices/d1" + VERSION)).status()).isEqualTo(200);
        }
        Answer refused = hub.send(hub.owner("/devices/d1" + VERSION));
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.errorCode()).isEqualTo("ThrottlingException");
        assertThat(refused.headers().get("Retry-After")).isEqualTo("1");
        assertThat(refused.text())
                .contains("ErrorCode:ThrottlingException;", "Wait 1 seconds", "identity registry operations");
        hub.time.jump(Duration.ofSeconds(1));
        assertThat(hub.send(hub.owner("/devices/d1" + VERSION)).status()).isEqualTo(200);
    }

    @Test
    void counts_each_identity_of_a_bulk_call() throws Exception {
        String six = "[{'id':'d1','importMode':'update'}" + ",{'id':'d1','importMode':'update'}".repeat(5) + "]";
        assertThat(hub.send(hub.owner("/devices" + VERSION).post(body(six))).status())
                .isEqualTo(429);
    }

    @Test
    void does_not_count_who_is_not_let_in() throws Exception {
        for (int i = 0; i < 10; i++) {
            assertThat(hub.send(hub.request("/devices/d1" + VERSION)).status()).isEqualTo(401);
        }
        assertThat(hub.send(hub.owner("/devices/d1" + VERSION)).status()).isEqualTo(200);
    }

    @Test
    void refuses_a_method_in_the_form_of_methods() throws Exception {
        // 120 steps of 4 KB in 3 s
        assertThat(hub.engine.throttles().admit(Throttle.METHODS, 120)).isInstanceOf(Admission.AtOnce.class);
        Answer refused = hub.send(hub.owner("/twins/d1/methods" + VERSION).post(body("{'methodName':'m'}")));
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.json().path("Message").asText()).contains("429001", "direct methods");
        assertThat(refused.headers().get("Retry-After")).isEqualTo("1");
    }

    @Test
    void refuses_telemetry_with_403002_once_the_messages_of_the_day_are_used_up() throws Exception {
        String events = "/devices/d1/messages/events" + VERSION;
        hub.engine.throttles().admitMessage(Throttle.C2D_SENDS, 8_000 * 512 - 1);
        Answer refused = hub.send(hub.as(Identity.device("d1"), events).post(body("{}")));
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.errorCode()).isEqualTo("IotHubQuotaExceeded");
    }

    @Test
    void holds_an_answer_back_while_traffic_is_shaped() throws Exception {
        try (HubOverHttps shaping = hub(Duration.ofSeconds(10))) {
            shaping.device("d1");
            shaping.engine.throttles().admit(Throttle.TWIN_READS, 300);
            CompletableFuture<Answer> late = CompletableFuture.supplyAsync(() -> {
                try {
                    return shaping.send(shaping.owner("/twins/d1" + VERSION));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            int before = shaping.time.pendingTasks();
            await().until(() -> shaping.time.pendingTasks() > before || late.isDone());
            assertThat(late).isNotDone();
            shaping.time.advance(Duration.ofMillis(10));
            assertThat(late.get().status()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /devices/{deviceId}, IDENTITY_REGISTRY",
        "POST, /devices, IDENTITY_REGISTRY",
        "PUT, /devices/{deviceId}/modules/{moduleId}, IDENTITY_REGISTRY",
        "POST, /devices/query, QUERIES",
        "POST, /devices/{deviceId}/messages/events, D2C_SENDS",
        "POST, /devices/{deviceId}/modules/{moduleId}/messages/events, D2C_SENDS",
        "POST, /devices/{deviceId}/messages/deviceBound, C2D_SENDS",
        "GET, /devices/{deviceId}/messages/deviceBound, C2D_RECEIVES",
        "DELETE, /devices/{deviceId}/messages/deviceBound/{lockToken}, ",
        "DELETE, /devices/{deviceId}/commands, ",
        "POST, /devices/{deviceId}/files, FILE_UPLOADS",
        "POST, /devices/{deviceId}/files/notifications, ",
        "POST, /devices/{deviceId}/applyConfigurationContent, CONFIGURATIONS",
        "PUT, /configurations/{id}, CONFIGURATIONS",
        "GET, /twins/{deviceId}, TWIN_READS",
        "PATCH, /twins/{deviceId}/modules/{moduleId}, TWIN_UPDATES",
        "POST, /twins/{deviceId}/methods, METHODS",
        "GET, /digitaltwins/{deviceId}, TWIN_READS",
        "POST, /digitaltwins/{deviceId}/commands/{command}, METHODS",
        "PUT, /jobs/v2/{jobId}, JOBS",
        "GET, /statistics/devices, ",
        "GET, /messages/serviceBound/feedback, ",
    })
    void knows_what_a_route_counts_as(String method, String path, Throttle throttle) {
        assertThat(Metering.throttle(method, path)).isEqualTo(Optional.ofNullable(throttle));
    }
}
