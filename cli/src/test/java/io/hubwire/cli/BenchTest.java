package io.hubwire.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The benchmarks run and tell what they measured; what that is, no test judges. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class BenchTest {
    @AfterEach
    void no_child_jvm_is_left() {
        assertThat(ProcessHandle.current().children().filter(ProcessHandle::isAlive))
                .isEmpty();
    }

    @TempDir
    Path home;

    private Run bench(String... args) {
        return Run.hubwire(
                home,
                Map.of(),
                "",
                Stream.concat(Stream.of("bench"), Stream.of(args)).toArray(String[]::new));
    }

    @Test
    void compares_client_and_hub_with_their_peers() {
        Run run = bench("device", "--rounds", "1", "--duration", "100ms", "--window", "10", "-o", "json");

        assertThat(run.exit()).as(run.err()).isZero();
        JsonNode contests = run.json().path("contests");
        assertThat(contests.findValuesAsText("name"))
                .contains("send, window 10", "send one by one", "connect", "take in, window 10");
        assertThat(contests).hasSize(4).allSatisfy(contest -> {
            assertThat(contest.path("ratio").asDouble()).isPositive();
            String figure = contest.path("figure").asText();
            assertThat(contest.path("ours").path(figure).asDouble()).isPositive();
            assertThat(contest.path("peer").path(figure).asDouble()).isPositive();
        });
    }

    @Test
    void counts_what_many_clients_take() {
        Run run = bench("clients", "--count", "5", "-o", "json");

        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.json().at("/connect/failures").asInt(-1)).isZero();
        assertThat(run.json().at("/send/failures").asInt(-1)).isZero();
        assertThat(run.json().at("/connected/platformThreads").asInt()).isPositive();
    }

    @Test
    void stores_events_and_reads_each_of_them_once_and_in_order() {
        Run run = bench("events", "--count", "2000", "--rate", "2000", "-o", "json");

        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.json().at("/store/perSecond").asDouble()).isPositive();
        assertThat(run.json().at("/read/events").asInt()).isEqualTo(2000);
        assertThat(run.json().at("/follow/events").asInt()).isEqualTo(2000);
        assertThat(run.json().at("/hub/heapBytes").asLong()).isPositive();
    }

    @Test
    void measures_starts_and_stops() {
        Run run = bench("start", "--rounds", "1", "-o", "json");

        assertThat(run.exit()).as(run.err()).isZero();
        for (String side : new String[] {"ours", "peer"}) {
            assertThat(run.json().path(side).path("firstMillis").asDouble()).isPositive();
            assertThat(run.json().path(side).path("laterMillis").asDouble()).isPositive();
            assertThat(run.json().path(side).path("stopMillis").asDouble()).isPositive();
        }
    }

    @Test
    void refuses_a_window_nobody_can_have() {
        Run run = bench("device", "--window", "0");

        assertThat(run.exit()).isNotZero();
        assertThat(run.err()).contains("--window [0] must be 1 to 10000");
    }
}
