package io.hubwire.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.hubwire.protocol.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Options that change how a device connects, how an enrollment decides, and what the shell completes. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class OptionsTest {
    @TempDir
    static Path home;

    private static HubAtHome hub;

    @BeforeAll
    static void start() {
        hub = new HubAtHome(home);
        hub.run("identity", "create", "o1");
        hub.run("module", "create", "o1", "m");
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"mqtt", "mqtt-ws", "http"})
    void a_module_sends_by_every_way(String via) {
        Run sent = hub.run("device", "send", "-d", "o1", "-m", "m", "by " + via, "--via", via, "-o", "json");
        assertThat(sent.exit()).as(sent.err()).isZero();
        Run seen =
                hub.run("monitor", "-d", "o1", "--from", "earliest", "--count", "1", "--timeout", "30s", "-o", "json");
        assertThat(seen.jsonLines().get(0).path("moduleId").asText()).isEqualTo("m");
    }

    @Test
    void a_device_sends_in_a_web_socket() {
        Run sent = hub.run("device", "send", "-d", "o1", "hello", "--via", "mqtt-ws", "--trace");
        assertThat(sent.exit()).as(sent.err()).isZero();
        assertThat(sent.out()).contains("acknowledged");
    }

    @Test
    void a_module_reports_into_its_own_twin() {
        Run reported = hub.run("device", "twin", "-d", "o1", "-m", "m", "--report", "{\"x\":1}");
        assertThat(reported.exit()).as(reported.err()).isZero();
        assertThat(hub.run("twin", "show", "o1", "-m", "m")
                        .json()
                        .at("/properties/reported/x")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void a_module_listens_for_methods() {
        CompletableFuture<Run> listening = CompletableFuture.supplyAsync(() ->
                hub.run("device", "listen", "-d", "o1", "-m", "m", "--count", "1", "--timeout", "60s", "-o", "json"));
        Awaitility.await().atMost(30, TimeUnit.SECONDS).until(() -> hub.hub()
                .engine()
                .sessions()
                .current(Identity.module("o1", "m"))
                .filter(session -> session.acceptsMethods())
                .isPresent());
        Run answered = hub.run("method", "invoke", "o1", "reboot", "-m", "m", "-o", "json");
        assertThat(answered.exit()).as(answered.err()).isZero();
        Run heard = listening.join();
        assertThat(heard.exit()).as(heard.err()).isZero();
        assertThat(heard.jsonLines().get(0).path("name").asText()).isEqualTo("reboot");
    }

    @Test
    void a_group_is_enrolled_by_authority_with_a_policy_of_its_own() throws IOException {
        Path pem = Files.copy(hub.hub().caFile(), home.resolve("root.pem"));
        Run created = hub.run(
                "dps",
                "enrollment-group",
                "create",
                "factory",
                "--ca-cert",
                pem.toString(),
                "--iot-hub",
                hub.hub().host(),
                "--allocation",
                "static",
                "--reprovision",
                "never",
                "-o",
                "json");
        assertThat(created.exit()).as(created.err()).isZero();
        JsonNode group = created.json();
        assertThat(group.at("/attestation/type").asText()).isEqualTo("x509");
        assertThat(group.path("allocationPolicy").asText()).isEqualTo("static");
        assertThat(group.at("/iotHubs/0").asText()).isEqualTo(hub.hub().host());
        assertThat(group.at("/reprovisionPolicy/updateHubAssignment").asBoolean(true))
                .isFalse();
        Run changed = hub.run("dps", "enrollment-group", "update", "factory", "--disable", "-o", "json");
        assertThat(changed.json().path("provisioningStatus").asText()).isEqualTo("disabled");
        assertThat(changed.json().path("allocationPolicy").asText()).isEqualTo("static");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh"})
    void completion_knows_the_commands(String shell) {
        Run script = hub.run("completion", shell);
        assertThat(script.exit()).isZero();
        assertThat(script.out())
                .contains("complete -F")
                .contains("schedule-twin")
                .contains("--wait-feedback");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        a module without its device  | 2 | device send x -m m | needs -d
        a module that is not there   | 5 | device send x -d o1 -m none | none
        a way that is none           | 2 | device send x --via pigeon | pigeon
        a log level that is none     | 2 | statistics --log-level loud | loud
        a shell that is none         | 2 | completion fish | fish
        a custom policy, no webhook  | 2 | dps enrollment create e --allocation custom | --webhook
        an authority for one device  | 2 | dps enrollment create e --ca-cert x.pem | groups
        a certificate for a group    | 2 | dps enrollment-group create e --cert x.pem | single devices
        a certificate file not there | 1 | dps enrollment create e --cert /none.pem | /none.pem
        two kinds of attestation     | 2 | dps enrollment create e --cert a --ca-ref b | exclude
        an unknown hub for devices   | 2 | dps enrollment create e --iot-hub nowhere.example | nowhere.example
        a key for nothing            | 2 | sas generate --key MDEyMzQ1Njc4OWFiY2RlZg== | --resource
        a token that is none         | 2 | sas verify nonsense -d o1 | SharedAccessSignature
        a value that is nothing      | 2 | explain riddle | riddle
        bind beyond loopback         | 2 | hub start --bind 192.0.2.1 | --own-keys
        keys that cannot be read     | 1 | hub start --own-keys /none.json | /none.json
        """)
    void bad_input_is_told_in_one_line(String what, int exit, String commandLine, String clue) {
        Run run = hub.run(Words.of(commandLine));
        assertThat(run.exit()).as(run.err() + run.out()).isEqualTo(exit);
        assertThat(run.err()).contains(clue).doesNotContain("Exception").doesNotContain("\tat ");
        assertThat(run.err().strip().lines()).as(run.err()).hasSize(1);
    }

    @Test
    void tokens_are_made_and_checked_for_devices_and_back_ends() {
        String token =
                hub.run("sas", "generate", "-d", "o1", "--ttl", "10m").out().strip();
        assertThat(token).startsWith("SharedAccessSignature sr=" + hub.hub().host() + "%2Fdevices%2Fo1");
        assertThat(hub.run("sas", "verify", token, "-d", "o1", "-o", "json")
                        .json()
                        .path("ok")
                        .asBoolean())
                .isTrue();
        Run foreign = hub.run("sas", "verify", token, "-d", "device1");
        assertThat(foreign.exit()).isEqualTo(4);
        assertThat(foreign.out()).contains("not by this key");
        Run used = hub.run(
                "device",
                "send",
                "by token",
                "--device-connection-string",
                "HostName=" + hub.hub().host() + ";DeviceId=o1;SharedAccessSignature=" + token);
        assertThat(used.exit()).as(used.err()).isZero();
        assertThat(hub.run("sas", "generate").out()).contains("skn=iothubowner");
        Run explained = hub.runWithInput(token, "explain", "-");
        assertThat(explained.exit()).isZero();
        assertThat(explained.out()).contains("good until");
    }

    @Test
    void the_doctor_finds_a_sound_hub_sound_from_both_sides() {
        Run backEnd = hub.run("doctor", "-o", "json");
        assertThat(backEnd.exit()).as(backEnd.out()).isZero();
        assertThat(backEnd.json().path("checks")).hasSize(8).allMatch(check -> check.path("ok")
                .asBoolean());
        Run device = hub.run("doctor", "-d", "o1");
        assertThat(device.exit()).as(device.out()).isZero();
        assertThat(device.out().lines()).hasSize(5).allMatch(line -> line.startsWith("ok "));
    }

    @Test
    void the_doctor_names_what_is_wrong_and_goes_on() {
        Run wrongKey = hub.run(
                "doctor",
                "--device-connection-string",
                "HostName=" + hub.hub().host() + ";DeviceId=o1;SharedAccessKey=MDEyMzQ1Njc4OWFiY2RlZg==");
        assertThat(wrongKey.exit()).as(wrongKey.out()).isEqualTo(4);
        assertThat(wrongKey.out().lines().filter(line -> line.startsWith("BAD")))
                .singleElement()
                .asString()
                .contains("mqtt");
        Run closed = hub.run("doctor", "--amqp-port", "1", "-o", "json");
        assertThat(closed.exit()).isEqualTo(3);
        assertThat(closed.json().path("ok").asBoolean()).isFalse();
        assertThat(closed.json().at("/checks/3/detail").asText()).contains("port 1");
    }

    @Test
    void a_usage_error_is_a_document_with_json() {
        Run run = hub.run("identity", "create", "-o", "json");
        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.json().at("/error/code").asText()).isEqualTo("INVALID_ARGUMENT");
        assertThat(run.err().strip().lines()).singleElement().asString().contains("hubwire identity create --help");
        assertThat(hub.run("identiti").err()).contains("identity");
    }
}
