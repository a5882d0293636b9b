package io.hubwire.localhub.engine.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.EngineOptions;
import io.hubwire.localhub.engine.HubEngine;
import io.hubwire.localhub.engine.HubNames;
import io.hubwire.localhub.store.JdbcStore;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.json.Json;
import io.hubwire.protocol.time.FakeTime;
import io.hubwire.protocol.trace.WireTrace;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A hub that starts over the store of one that ended, here suddenly: nobody closes the first one's jobs. */
@Timeout(30)
class JobsAfterARestartTest {
    private final FakeTime time = new FakeTime(Instant.parse("2026-01-01T00:00:00.123456789Z"));
    private final JdbcStore store = JdbcStore.inMemory();
    private final FakeTime stopped = new FakeTime(Instant.parse("2026-01-01T00:00:00.123456789Z"));
    private HubEngine hub = hub(time);

    private HubEngine hub(FakeTime on) {
        EngineOptions options = EngineOptions.of(new HubNames(List.of("localhost"), "events", "0ne"));
        return new HubEngine(options, store, on, on, new Random(1), WireTrace.NONE);
    }

    @BeforeEach
    void devices() {
        for (int i = 0; i < 60; i++) {
            hub.registry().create(Identity.device("d" + i), Json.object());
        }
    }

    @AfterEach
    void close() {
        hub.close();
        store.close();
    }

    private static ObjectNode update(Instant start) {
        ObjectNode body = Json.object().put("type", "scheduleUpdateTwin").put("queryCondition", "*");
        if (start != null) {
            body.put("startTime", start.toString());
        }
        body.putObject("updateTwin").put("etag", "*").putObject("tags").put("job", "done");
        return body;
    }

    private static ObjectNode call() {
        ObjectNode body = Json.object().put("type", "scheduleDeviceMethod").put("queryCondition", "*");
        body.putObject("cloudToDeviceMethod")
                .put("methodName", "reboot")
                .put("responseTimeoutInSeconds", 30)
                .put("connectTimeoutInSeconds", 300);
        return body;
    }

    @Test
    void a_job_that_waited_for_its_time_still_does() {
        Jobs before = new Jobs(hub(stopped), store);
        Instant start = stopped.instant().plusSeconds(3600);
        before.create("later", update(start));

        Jobs after = new Jobs(hub, store);
        assertThat(after.get("later")).isEqualTo(before.get("later"));
        assertThat(after.get("later").path("status").asText()).isEqualTo("scheduled");
        time.advance(Duration.ofHours(2));
        assertThat(after.get("later").path("status").asText()).isEqualTo("completed");
        assertThat(hub.twins().get(Identity.device("d7")).at("/tags/job").asText())
                .isEqualTo("done");
    }

    @Test
    void a_job_that_is_over_stays_as_it_was() {
        Jobs before = new Jobs(hub, store);
        before.create("over", update(null));
        time.advance(Duration.ofSeconds(1));
        assertThat(before.get("over").at("/deviceJobStatistics/succeededCount").asInt())
                .isEqualTo(60);

        Jobs after = new Jobs(hub, store);
        assertThat(after.get("over")).isEqualTo(before.get("over"));
        assertThat(after.rows(null, 100)).hasSize(60).isEqualTo(before.rows(null, 100));
    }

    @Test
    void devices_without_their_update_get_it_and_methods_under_way_are_not_called_twice() {
        Jobs before = new Jobs(hub(stopped), store);
        before.create("call", call());
        before.create("update", update(null));
        while (before.get("call").at("/deviceJobStatistics/runningCount").asInt() == 0) {
            stopped.advance(Duration.ofMillis(1));
        }
        assertThat(before.get("call").at("/deviceJobStatistics/runningCount").asInt())
                .isEqualTo(50);

        Jobs after = new Jobs(hub, store);
        time.advance(Duration.ofSeconds(1));
        assertThat(after.get("update").path("status").asText()).isEqualTo("completed");
        assertThat(after.get("update").at("/deviceJobStatistics/succeededCount").asInt())
                .isEqualTo(60);
        ObjectNode call = after.get("call");
        assertThat(call.at("/deviceJobStatistics/deviceCount").asInt()).isEqualTo(60);
        assertThat(call.at("/deviceJobStatistics/failedCount").asInt()).isEqualTo(50);
        assertThat(call.at("/deviceJobStatistics/runningCount").asInt()).isEqualTo(10);
        assertThat(after.rows("call/", 1)
                        .get(0)
                        .document()
                        .at("/error/description")
                        .asText())
                .contains("the hub ended while the method was under way");
    }

    @Test
    void ending_in_good_order_cancels_nothing() {
        Jobs before = new Jobs(hub, store);
        before.create("later", update(time.instant().plusSeconds(60)));
        before.close();
        Jobs after = new Jobs(hub, store);
        assertThat(after.get("later").path("status").asText()).isEqualTo("scheduled");
        after.cancel("later");
        assertThat(new Jobs(hub, store).get("later").path("status").asText()).isEqualTo("cancelled");
    }
}
