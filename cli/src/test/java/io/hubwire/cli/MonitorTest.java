package io.hubwire.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Events as programs and people get to see them. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class MonitorTest {
    @TempDir
    static Path home;

    private static HubAtHome hub;

    @BeforeAll
    static void start() {
        hub = new HubAtHome(home);
        for (String device : List.of("m1", "m2", "m3")) {
            hub.run("identity", "create", device);
            Run sent = hub.run(
                    "device",
                    "send",
                    "-d",
                    device,
                    "{\"of\":\"" + device + "\"}\u001b[31m" + "x".repeat(90),
                    "-p",
                    "alert=" + device.equals("m3"),
                    "--via",
                    "http");
            assertThat(sent.exit()).as(sent.err()).isZero();
        }
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @Test
    void several_devices_are_chosen_and_others_left_out() {
        Run seen = hub.run(
                "monitor",
                "-d",
                "m1",
                "-d",
                "m2",
                "--from",
                "earliest",
                "--count",
                "2",
                "--timeout",
                "30s",
                "-o",
                "json");
        assertThat(seen.exit()).as(seen.err()).isZero();
        assertThat(seen.jsonLines())
                .extracting(event -> event.path("deviceId").asText())
                .containsExactlyInAnyOrder("m1", "m2");
    }

    @Test
    void a_property_chooses_too_and_a_time_ago_is_a_start() {
        Run seen = hub.run(
                "monitor", "--where", "alert=true", "--from", "1h", "--count", "1", "--timeout", "30s", "-o", "json");
        assertThat(seen.exit()).as(seen.err()).isZero();
        assertThat(seen.jsonLines().get(0).path("deviceId").asText()).isEqualTo("m3");
    }

    @Test
    void a_pipe_gets_a_plain_line_an_event_with_all_of_it() {
        Run seen = hub.run("monitor", "-d", "m1", "--from", "earliest", "--count", "1", "--timeout", "30s");
        assertThat(seen.exit()).as(seen.err()).isZero();
        assertThat(seen.out().lines())
                .singleElement()
                .asString()
                .contains("m1")
                .contains("x".repeat(90) + "  {alert=false}");
    }

    @Test
    void a_person_gets_rows_that_fit_the_terminal_and_a_total_and_no_escape_of_a_device() {
        Run seen = hub.watched("monitor", "--from", "earliest", "--count", "3", "--timeout", "30s");
        assertThat(seen.exit()).as(seen.err()).isZero();
        assertThat(seen.out().lines()).hasSize(4).allSatisfy(line -> assertThat(line)
                .hasSizeLessThanOrEqualTo(80)
                .doesNotContain("\u001b"));
        assertThat(seen.out()).startsWith("TIME");
        assertThat(seen.err()).contains("3 events of 3 devices").contains("\r");
    }

    @Test
    void an_unmet_count_is_a_time_out_and_none_is_not() {
        assertThat(hub.run("monitor", "--count", "1", "--timeout", "500ms").exit())
                .isEqualTo(3);
        assertThat(hub.run("monitor", "--timeout", "500ms").exit()).isZero();
    }
}
