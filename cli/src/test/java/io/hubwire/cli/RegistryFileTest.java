package io.hubwire.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.hubwire.protocol.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Registries as files: written by export, read by import, each against a hub of its own. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class RegistryFileTest {
    private static final String KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    @TempDir
    Path home;

    private HubAtHome hub;

    @BeforeEach
    void start() {
        hub = new HubAtHome(home);
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    @Test
    void what_is_exported_is_the_same_after_a_reset_and_an_import() throws IOException {
        hub.run("identity", "create", "full", "--edge");
        hub.run("module", "create", "full", "thermometer");
        hub.run("twin", "update", "full", "{\"tags\":{\"floor\":2},\"properties\":{\"desired\":{\"fan\":3}}}");
        hub.run("twin", "update", "full", "-m", "thermometer", "{\"tags\":{\"unit\":\"K\"}}");
        hub.run("identity", "create", "x509", "--x509-thumbprint", "0123456789abcdef0123456789abcdef01234567");
        hub.run("identity", "update", "x509", "--status", "disabled", "--status-reason", "lost");
        hub.run("dps", "enrollment", "create", "sensor", "--primary-key", KEY, "--secondary-key", KEY);
        hub.run("dps", "enrollment-group", "create", "sensors");
        Path file = home.resolve("fleet.jsonl");

        Run exported = hub.run("identity", "export", file.toString(), "-o", "json");
        assertThat(exported.exit()).as(exported.err()).isZero();
        assertThat(exported.err()).isEmpty();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        Set<JsonNode> before = lines(file);
        assertThat(exported.json().path("lines").asInt()).isEqualTo(before.size());
        assertThat(before).anyMatch(line -> line.path("registrationId").asText().equals("sensor"));

        Run reset = hub.run("hub", "reset", "-o", "json");
        assertThat(reset.exit()).as(reset.err()).isZero();
        assertThat(reset.json().path("enrollments").asInt()).isEqualTo(2);
        assertThat(hub.run("identity", "list", "-o", "json").json())
                .singleElement()
                .satisfies(d -> assertThat(d.path("deviceId").asText()).isEqualTo("device1"));
        assertThat(hub.run("device", "send", "still the same key").exit()).isZero();

        Run imported = hub.run("identity", "import", file.toString(), "-o", "json");
        assertThat(imported.exit()).as(imported.err()).isZero();
        assertThat(imported.json().path("ok").asBoolean()).isTrue();
        Path again = home.resolve("again.jsonl");
        hub.run("identity", "export", again.toString());
        assertThat(lines(again)).isEqualTo(before);
        assertThat(hub.run("identity", "import", file.toString()).exit())
                .as("twice is as good as once")
                .isZero();
    }

    @Test
    void bad_lines_are_told_with_their_numbers_and_cost_no_other_line() {
        String input = String.join(
                "\n",
                "{\"id\":\"good-1\"}",
                "{\"primaryKey\":unquotedSecret",
                "",
                "{\"id\":\"a b\"}",
                "{\"id\":\"good-1\",\"tags\":{\"n\":1}}",
                "{\"id\":\"good-2\",\"authentication\":{\"type\":\"sas\",\"symmetricKey\":{\"primaryKey\":\"!\"}}}",
                "{\"id\":\"good-3\",\"importMode\":\"replace\"}",
                "{\"id\":\"no-such\",\"moduleId\":\"m\"}",
                "{\"id\":\"good-1\",\"moduleId\":\"m\"}",
                "{\"name\":\"x\"}",
                "{\"registrationId\":\"UPPER CASE\"}",
                "{\"id\":\"device1\",\"importMode\":\"create\"}",
                "{\"id\":7}");
        Run imported = hub.runWithInput(input, "identity", "import", "-", "-o", "json");
        assertThat(imported.exit()).as(imported.err()).isEqualTo(1);
        JsonNode report = imported.json();
        assertThat(numbers(report)).as(imported.err()).containsExactly(2, 4, 6, 7, 8, 10, 11, 12, 13);
        assertThat(report.path("devices").asInt()).isEqualTo(2);
        assertThat(report.path("modules").asInt()).isEqualTo(1);
        assertThat(imported.err())
                .contains("line 2: not a JSON object, broken at column 29")
                .doesNotContain("unquotedSecret")
                .contains("line 4: ")
                .contains("position 2")
                .contains("[replace]")
                .contains("DeviceAlreadyExists")
                .doesNotContain("Exception");
        assertThat(hub.run("twin", "show", "good-1").json().at("/tags/n").asInt())
                .isEqualTo(1);
    }

    @Test
    void many_lines_go_a_hundred_at_a_time_with_a_bar_for_people() throws IOException {
        Path file = home.resolve("many.jsonl");
        Files.writeString(
                file,
                IntStream.range(0, 250)
                        .mapToObj(i -> "{\"id\":\"many-" + i + "\",\"tags\":{\"n\":" + i + "}}\n")
                        .collect(Collectors.joining()));
        Run imported = hub.watched("identity", "import", file.toString());
        assertThat(imported.exit()).as(imported.err()).isZero();
        assertThat(imported.out()).isEqualTo("imported 250 devices, 0 modules, 0 enrollments\n");
        assertThat(imported.err()).contains("\r").contains("import");
        assertThat(hub.run("query", "SELECT COUNT() AS n FROM devices WHERE tags.n >= 0", "-o", "json")
                        .jsonLines()
                        .get(0)
                        .path("n")
                        .asInt())
                .isEqualTo(250);
    }

    @Test
    void a_line_with_tags_alone_leaves_keys_and_status_of_a_device_that_is_there() {
        String before = hub.run("identity", "create", "kept", "--status", "disabled", "-o", "json")
                .json()
                .at("/authentication")
                .toString();
        Run imported =
                hub.runWithInput("{\"id\":\"kept\",\"tags\":{\"a\":1}}\n{\"id\":\"kept\"}", "identity", "import", "-");
        assertThat(imported.exit()).as(imported.err()).isZero();
        JsonNode after = hub.run("identity", "show", "kept", "-o", "json").json();
        assertThat(after.at("/authentication").toString()).isEqualTo(before);
        assertThat(after.path("status").asText()).isEqualTo("disabled");
        assertThat(hub.run("twin", "show", "kept").json().at("/tags/a").asInt()).isEqualTo(1);
    }

    @Test
    void a_file_that_is_not_there_is_one_line() {
        Run missing = hub.run("identity", "import", home.resolve("none").toString());
        assertThat(missing.exit()).isEqualTo(1);
        assertThat(missing.err().strip().lines()).singleElement().asString().contains("does not exist");
    }

    @Test
    void an_export_goes_to_standard_output_too() {
        Run exported = hub.run("identity", "export", "-");
        assertThat(exported.exit()).as(exported.err()).isZero();
        assertThat(exported.jsonLines()).singleElement().satisfies(line -> {
            assertThat(line.path("id").asText()).isEqualTo("device1");
            assertThat(line.at("/authentication/symmetricKey/primaryKey").asText())
                    .isNotEmpty();
        });
    }

    private static Set<JsonNode> lines(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).isNotEmpty();
        return lines.stream()
                .map(line -> Json.parseObject("line", line))
                .peek(line -> line.remove("deviceScope")) // of an Edge device the hub makes a new one
                .collect(Collectors.toCollection(HashSet::new));
    }

    private static List<Integer> numbers(JsonNode report) {
        return IntStream.range(0, report.path("badLines").size())
                .mapToObj(i -> report.path("badLines").get(i).path("line").asInt())
                .toList();
    }
}
