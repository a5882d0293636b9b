package io.hubwire.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Queries, modules, jobs, configurations and statistics against a real local hub. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class ManagementCommandsTest {
    @TempDir
    static Path home;

    private static HubAtHome hub;

    @BeforeAll
    static void start() {
        hub = new HubAtHome(home);
        for (int i = 0; i < 5; i++) {
            hub.run("identity", "create", "q" + i);
            hub.run("twin", "update", "q" + i, "{\"tags\":{\"n\":" + i + "}}");
        }
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @Test
    void a_query_prints_one_document_a_line_whatever_the_page_size() {
        String query = "SELECT deviceId, tags.n FROM devices WHERE tags.n >= 1";
        Run all = hub.run("query", query, "-o", "json");
        assertThat(all.exit()).as(all.err()).isZero();
        assertThat(all.jsonLines()).hasSize(4);
        Run paged = hub.run("query", query, "--page-size", "1", "-o", "json");
        assertThat(paged.jsonLines()).containsExactlyElementsOf(all.jsonLines());
    }

    @Test
    void a_query_for_people_is_a_table_that_fits_the_terminal() {
        Run shown = hub.watched("query", "SELECT * FROM devices WHERE tags.n >= 0", "--page-size", "2");
        assertThat(shown.exit()).as(shown.err()).isZero();
        List<String> lines = shown.out().lines().toList();
        assertThat(lines).hasSize(6).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        assertThat(lines.get(0)).startsWith("DEVICE ").contains("TAGS");
        assertThat(lines.get(1)).startsWith("q0").contains("{\"n\":0}");
    }

    @Test
    void a_query_is_read_from_standard_input_and_may_find_nothing() {
        Run none = hub.runWithInput("SELECT * FROM devices WHERE tags.n = 99\n", "query", "-");
        assertThat(none.exit()).as(none.err()).isZero();
        assertThat(none.out()).isEmpty();
    }

    @Test
    void modules_are_created_shown_listed_and_deleted() {
        Run created = hub.run("module", "create", "q1", "thermometer", "-o", "json");
        assertThat(created.exit()).as(created.err()).isZero();
        assertThat(created.json().path("connectionString").asText())
                .contains(";DeviceId=q1;ModuleId=thermometer;SharedAccessKey=");
        assertThat(hub.run("module", "create", "q1", "thermometer").exit()).isEqualTo(6);
        assertThat(hub.run("module", "show", "q1", "thermometer").out())
                .contains("thermometer")
                .contains("primary key");
        assertThat(hub.run("module", "list", "q1", "-o", "json").json())
                .singleElement()
                .satisfies(m -> assertThat(m.path("moduleId").asText()).isEqualTo("thermometer"));
        assertThat(hub.run("query", "SELECT * FROM devices.modules WHERE deviceId = 'q1'", "-o", "json")
                        .jsonLines())
                .hasSize(1);
        assertThat(hub.run("module", "delete", "q1", "thermometer").exit()).isZero();
        assertThat(hub.run("module", "show", "q1", "thermometer").exit()).isEqualTo(5);
    }

    @Test
    void statistics_count_devices() {
        JsonNode counts = hub.run("statistics", "-o", "json").json();
        assertThat(counts.path("totalDeviceCount").asInt()).isGreaterThanOrEqualTo(6);
        assertThat(hub.run("statistics").out()).contains("devices").contains("enabled");
    }

    @Test
    void a_job_changes_many_twins_and_is_waited_for() {
        Run done = hub.run(
                "job",
                "schedule-twin",
                "{\"tags\":{\"floor\":2}}",
                "--where",
                "tags.n > 2",
                "--job-id",
                "floors",
                "--wait",
                "-o",
                "json");
        assertThat(done.exit()).as(done.err()).isZero();
        assertThat(done.err()).isEmpty();
        assertThat(done.json().path("status").asText()).isEqualTo("completed");
        assertThat(done.json().at("/deviceJobStatistics/succeededCount").asInt())
                .isEqualTo(2);
        assertThat(hub.run("twin", "show", "q4").json().at("/tags/floor").asInt())
                .isEqualTo(2);
        assertThat(hub.run("job", "show", "floors").out()).contains("completed").contains("2 succeeded");
        assertThat(hub.run("job", "list", "--type", "scheduleUpdateTwin", "-o", "json")
                        .json())
                .anyMatch(job -> job.path("jobId").asText().equals("floors"));
    }

    @Test
    void a_method_job_on_absent_devices_fails_and_says_so() {
        Run failed = hub.run("job", "schedule-method", "reboot", "--where", "deviceId = 'q0'", "--wait", "-o", "json");
        assertThat(failed.exit()).as(failed.err()).isEqualTo(1);
        assertThat(failed.json().at("/deviceJobStatistics/failedCount").asInt()).isEqualTo(1);
    }

    @Test
    void a_job_that_has_not_begun_is_cancelled() {
        Run scheduled =
                hub.run("job", "schedule-twin", "{\"tags\":{}}", "--where", "*", "--job-id", "later", "--start", "1h");
        assertThat(scheduled.exit()).as(scheduled.err()).isZero();
        Run impatient = hub.run("job", "show", "later", "--wait", "--timeout", "1s");
        assertThat(impatient.exit()).isEqualTo(3);
        assertThat(impatient.err()).contains("later").contains("1 s");
        assertThat(hub.run("job", "cancel", "later", "-o", "json")
                        .json()
                        .path("status")
                        .asText())
                .isEqualTo("cancelled");
    }

    @Test
    void a_configuration_lives_its_life() {
        Run created = hub.run(
                "configuration",
                "create",
                "fans",
                "{\"deviceContent\":{\"properties.desired.fan\":{\"speed\":3}}}",
                "--target",
                "tags.n = 1",
                "--priority",
                "10",
                "--label",
                "team=air");
        assertThat(created.exit()).as(created.err()).isZero();
        assertThat(hub.run("configuration", "list").out()).contains("fans").contains("tags.n = 1");
        Run updated = hub.run("configuration", "update", "fans", "--priority", "20");
        assertThat(updated.exit()).as(updated.err()).isZero();
        assertThat(updated.json().path("priority").asInt()).isEqualTo(20);
        assertThat(updated.json().at("/labels/team").asText()).isEqualTo("air");
        assertThat(hub.run("configuration", "update", "fans", "--priority", "1", "--etag", "stale")
                        .exit())
                .isEqualTo(6);
        assertThat(hub.run("configuration", "delete", "fans").exit()).isZero();
        assertThat(hub.run("configuration", "show", "fans").exit()).isEqualTo(5);
    }

    @Test
    void identities_change_their_kind_of_proof_and_capabilities() {
        String thumbprint = "0123456789abcdef0123456789abcdef01234567";
        Run created = hub.run("identity", "create", "x509-1", "--x509-thumbprint", thumbprint, "--edge", "-o", "json");
        assertThat(created.exit()).as(created.err()).isZero();
        assertThat(created.json().at("/authentication/type").asText()).isEqualTo("selfSigned");
        assertThat(created.json().at("/capabilities/iotEdge").asBoolean()).isTrue();
        Run changed = hub.run("identity", "update", "x509-1", "--x509-ca", "-o", "json");
        assertThat(changed.exit()).as(changed.err()).isZero();
        assertThat(changed.json().at("/authentication/type").asText()).isEqualTo("certificateAuthority");
        assertThat(hub.watched("identity", "list").out().lines()).isNotEmpty().allSatisfy(line -> assertThat(line)
                .hasSizeLessThanOrEqualTo(80));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        a query that does not parse   | 2 | query SELEKT | SELEKT
        a page size out of range      | 2 | query `SELECT * FROM devices` --page-size 1001 | 1001
        a module id with a blank      | 2 | module create q1 `a b` | position 2
        a module of no device         | 5 | module list no-such-device | no-such-device
        a job without devices         | 2 | job schedule-twin {} | --where
        a job that is not there       | 5 | job show no-such-job | no-such-job
        a job with a bad twin         | 2 | job schedule-twin {"a":1} --where * | tags
        a misspelled start            | 2 | job schedule-twin {"tags":{}} --where * --start soon | soon
        content that is not JSON      | 2 | configuration create c {nope | JSON
        a configuration without an id | 2 | configuration create `` {} | id
        two kinds of proof            | 2 | identity create x --x509-ca --x509-thumbprint ab | exclude
        half a pair of keys           | 2 | identity create x --primary-key abcd | give both
        """)
    void bad_input_is_told_in_one_line(String what, int exit, String commandLine, String clue) {
        Run run = hub.run(Words.of(commandLine));
        assertThat(run.exit()).as(run.err() + run.out()).isEqualTo(exit);
        assertThat(run.err()).contains(clue).doesNotContain("Exception").doesNotContain("\tat ");
        assertThat(run.err().strip().lines()).as(run.err()).hasSize(1);
    }
}
