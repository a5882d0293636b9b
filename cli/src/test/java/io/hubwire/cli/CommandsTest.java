package io.hubwire.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.hubwire.localhub.LocalHub;
import io.hubwire.protocol.Identity;
import java.nio.file.Path;
import java.util.List;
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

/** Every command against a real local hub, in process, found by its env file as a user's would be. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class CommandsTest {
    private static final String KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

    @TempDir
    static Path home;

    private static HubAtHome at;
    private static LocalHub hub;

    @BeforeAll
    static void start() {
        at = new HubAtHome(home);
        hub = at.hub();
    }

    @AfterAll
    static void stop() {
        at.close();
    }

    @Test
    void identities_are_created_shown_changed_and_deleted() {
        Run created = hubwire("identity", "create", "cli-1", "-o", "json");
        assertThat(created.exit()).as(created.err()).isZero();
        assertThat(created.json().path("connectionString").asText())
                .startsWith("HostName=" + hub.host() + ";DeviceId=cli-1;SharedAccessKey=");
        assertThat(hubwire("identity", "list", "-o", "json").json())
                .anyMatch(d -> d.path("deviceId").asText().equals("cli-1"));
        Run disabled = hubwire("identity", "update", "cli-1", "--status", "disabled", "-o", "json");
        assertThat(disabled.json().path("status").asText()).isEqualTo("disabled");
        String before =
                created.json().at("/authentication/symmetricKey/secondaryKey").asText();
        Run renewed = hubwire("identity", "renew-key", "cli-1", "--key", "secondary", "-o", "json");
        assertThat(renewed.json()
                        .at("/authentication/symmetricKey/secondaryKey")
                        .asText())
                .isNotEqualTo(before);
        assertThat(renewed.json().at("/authentication/symmetricKey/primaryKey").asText())
                .isEqualTo(created.json()
                        .at("/authentication/symmetricKey/primaryKey")
                        .asText());
        assertThat(hubwire("identity", "delete", "cli-1", "--etag", "stale").exit())
                .isEqualTo(6);
        assertThat(hubwire("identity", "delete", "cli-1").exit()).isZero();
        assertThat(hubwire("identity", "show", "cli-1").exit()).isEqualTo(5);
    }

    @Test
    void a_sent_message_is_monitored_with_its_properties() {
        Run sent = hubwire(
                "device", "send", "-d", "device1", "{\"n\":1}", "-p", "k=v", "--message-id", "m-1", "-o", "json");
        assertThat(sent.exit()).as(sent.err()).isZero();
        assertThat(sent.jsonLines()).singleElement().satisfies(line -> {
            assertThat(line.path("messageId").asText()).isEqualTo("m-1");
            assertThat(line.path("ok").asBoolean()).isTrue();
        });
        Run seen = hubwire(
                "monitor",
                "-d",
                "device1",
                "-p",
                "k=v",
                "--from",
                "earliest",
                "--count",
                "1",
                "--timeout",
                "20s",
                "-o",
                "json");
        assertThat(seen.exit()).as(seen.err()).isZero();
        JsonNode event = seen.jsonLines().get(0);
        assertThat(event.path("deviceId").asText()).isEqualTo("device1");
        assertThat(event.path("body").asText()).isEqualTo("{\"n\":1}");
        assertThat(event.at("/system/message-id").asText()).isEqualTo("m-1");
        assertThat(event.at("/properties/k").asText()).isEqualTo("v");
    }

    @Test
    void a_listening_device_receives_c2d_and_methods_and_the_back_end_gets_feedback_and_answers() {
        hubwire("identity", "create", "listener");
        CompletableFuture<Run> listening = CompletableFuture.supplyAsync(
                () -> hubwire("device", "listen", "-d", "listener", "--count", "2", "--timeout", "60s", "-o", "json"));
        awaitMethods("listener");
        Run sent = hubwire(
                "c2d",
                "send",
                "listener",
                "hello",
                "--wait-feedback",
                "--message-id",
                "c-1",
                "-p",
                "a=b",
                "-o",
                "json");
        assertThat(sent.exit()).as(sent.err()).isZero();
        assertThat(sent.json().at("/feedback/statusCode").asText()).isEqualTo("Success");
        assertThat(sent.json().at("/feedback/originalMessageId").asText()).isEqualTo("c-1");
        Run answered = hubwire("method", "invoke", "listener", "reboot", "{\"delay\":3}", "-o", "json");
        assertThat(answered.exit()).as(answered.err()).isZero();
        assertThat(answered.json().path("status").asInt()).isEqualTo(200);
        Run heard = listening.join();
        assertThat(heard.exit()).as(heard.err()).isZero();
        List<JsonNode> items = heard.jsonLines();
        assertThat(items.get(0).path("kind").asText()).isEqualTo("c2d");
        assertThat(items.get(0).path("body").asText()).isEqualTo("hello");
        assertThat(items.get(0).at("/properties/a").asText()).isEqualTo("b");
        assertThat(items.get(1).path("kind").asText()).isEqualTo("method");
        assertThat(items.get(1).path("payload").toString()).isEqualTo("{\"delay\":3}");
    }

    @Test
    void c2d_by_amqp_gives_the_same_feedback() {
        hubwire("identity", "create", "amqp-listener");
        CompletableFuture<Run> listening = CompletableFuture.supplyAsync(() ->
                hubwire("device", "listen", "-d", "amqp-listener", "--count", "1", "--timeout", "60s", "-o", "json"));
        awaitMethods("amqp-listener");
        Run sent = hubwire("c2d", "send", "amqp-listener", "hi", "--wait-feedback", "--via", "amqp", "-o", "json");
        assertThat(sent.exit()).as(sent.err()).isZero();
        assertThat(sent.json().at("/feedback/statusCode").asText()).isEqualTo("Success");
        assertThat(listening.join().exit()).isZero();
    }

    @Test
    void twins_are_seen_from_both_sides() {
        hubwire("identity", "create", "twin-1");
        Run updated =
                hubwireWithInput("{\"properties\":{\"desired\":{\"interval\":5}}}", "twin", "update", "twin-1", "-");
        assertThat(updated.exit()).as(updated.err()).isZero();
        Run device = hubwire("device", "twin", "-d", "twin-1", "--report", "{\"interval\":5}");
        assertThat(device.json().at("/desired/interval").asInt()).isEqualTo(5);
        assertThat(device.json().at("/reported/interval").asInt()).isEqualTo(5);
        assertThat(hubwire("twin", "show", "twin-1")
                        .json()
                        .at("/properties/reported/interval")
                        .asInt())
                .isEqualTo(5);
        assertThat(hubwire("twin", "update", "twin-1", "{\"tags\":{}}", "--etag", "stale")
                        .exit())
                .isEqualTo(6);
    }

    @Test
    void a_device_is_enrolled_registered_and_used() {
        Run enrolled = hubwire("dps", "enrollment", "create", "sensor-9", "-o", "json");
        assertThat(enrolled.exit()).as(enrolled.err()).isZero();
        String key = enrolled.json().at("/attestation/symmetricKey/primaryKey").asText();
        Run registered =
                hubwire("dps", "register", "--registration-id", "sensor-9", "--key", key, "--save", "-o", "json");
        assertThat(registered.exit()).as(registered.err()).isZero();
        assertThat(registered.json().path("status").asText()).isEqualTo("assigned");
        assertThat(registered.json().path("deviceId").asText()).isEqualTo("sensor-9");
        assertThat(hubwire("dps", "registration", "show", "sensor-9")
                        .json()
                        .path("deviceId")
                        .asText())
                .isEqualTo("sensor-9");
        Run sent = hubwire("device", "send", "as the saved device", "-o", "json");
        assertThat(sent.exit()).as(sent.err()).isZero();
        assertThat(hubwire("identity", "show", "sensor-9", "-o", "json")
                        .json()
                        .path("lastActivityTime")
                        .asText())
                .doesNotStartWith("0001");
        assertThat(hubwire("dps", "enrollment", "delete", "sensor-9").exit()).isZero();
    }

    @Test
    void a_group_member_registers_by_a_derived_key() {
        Run group = hubwire("dps", "enrollment-group", "create", "sensors", "-o", "json");
        assertThat(group.exit()).as(group.err()).isZero();
        String groupKey =
                group.json().at("/attestation/symmetricKey/primaryKey").asText();
        String derived = hubwire("dps", "derive-key", "--group-key", groupKey, "--registration-id", "member-1")
                .out()
                .strip();
        Run registered = hubwire("dps", "register", "--registration-id", "member-1", "--key", derived, "-o", "json");
        assertThat(registered.exit()).as(registered.err()).isZero();
        assertThat(hubwire("dps", "registration", "list", "sensors", "-o", "json")
                        .json())
                .hasSize(1);
    }

    /** The bad input of the first issue: one clear line, the promised exit code, no stack trace, nothing half-done. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        a malformed connection string | 2 | identity list --hub HostName=x;SharedAccessKeyName | position 12
        an unknown host               | 3 | identity list --hub HostName=no-such-hub.invalid;SharedAccessKeyName=a;SharedAccessKey=%KEY% | no-such-hub.invalid
        a wrong policy key            | 4 | identity list --hub HostName=%HOST%;SharedAccessKeyName=iothubowner;SharedAccessKey=%KEY% | 401
        a wrong device key            | 4 | device send x --device-connection-string HostName=%HOST%;DeviceId=device1;SharedAccessKey=%KEY% | refused
        an expired token              | 4 | device send x --device-connection-string HostName=%HOST%;DeviceId=device1;SharedAccessSignature=%EXPIRED% | expired
        a device that does not exist  | 5 | twin show no-such-device | no-such-device
        a device that is not online   | 5 | method invoke device1 reboot | 404103
        a device id with a blank      | 2 | identity create `a b` | position 2
        a property without a name     | 2 | device send x -p =v | NAME=VALUE
        JSON that is not JSON         | 2 | twin update device1 {"a":} | JSON
        a twin without sections       | 2 | twin update device1 {"a":1} | tags
        a payload that is not JSON    | 2 | method invoke device1 reboot {nope | JSON
        a time-out out of range       | 2 | method invoke device1 reboot --timeout 1s | 5 to 300
        an unknown enrollment         | 5 | dps enrollment show nobody | nobody
        a wrong enrollment key        | 4 | dps register --registration-id nobody --key %KEY% | 401
        a misspelled start            | 2 | monitor --from yesterday --timeout 1s | yesterday
        """)
    void bad_input_is_told_in_one_line(String what, int exit, String commandLine, String clue) {
        String[] args = commandLine
                .replace("%KEY%", KEY)
                .replace("%HOST%", hub.host())
                .replace("%EXPIRED%", expiredToken())
                .split(" (?=(?:[^`]*`[^`]*`)*[^`]*$)");
        for (int i = 0; i < args.length; i++) {
            args[i] = args[i].replace("`", "").replace("~", " ");
        }
        Run run = hubwire(args);
        assertThat(run.exit()).as(run.err() + run.out()).isEqualTo(exit);
        assertThat(run.err().strip().lines()).as(run.err()).hasSize(1);
        assertThat(run.err())
                .contains(clue)
                .doesNotContain("Exception")
                .doesNotContain("\tat ")
                .doesNotContain(KEY);
    }

    @Test
    void a_body_that_is_too_large_is_refused_before_it_is_sent() {
        Run run = hubwireWithInput("x".repeat(262_145), "device", "send", "-");
        assertThat(run.exit()).as(run.err()).isNotZero();
        assertThat(run.err()).contains("262");
    }

    @Test
    void errors_are_documents_with_json() {
        Run run = hubwire("identity", "show", "no-such-device", "-o", "json");
        assertThat(run.exit()).isEqualTo(5);
        assertThat(run.json().at("/error/code").asText()).isEqualTo("NOT_FOUND");
        assertThat(run.json().at("/error/status").asInt()).isEqualTo(404);
        assertThat(run.json().at("/error/errorCode").asInt()).isEqualTo(404001);
        assertThat(run.json().at("/error/trackingId").asText()).isNotEmpty();
    }

    @Test
    void usage_errors_have_their_own_exit_code_and_help_names_an_example() {
        assertThat(hubwire("identity", "create").exit()).isEqualTo(2);
        assertThat(hubwire("no-such-command").exit()).isEqualTo(2);
        Run help = hubwire("identity", "create", "--help");
        assertThat(help.exit()).isZero();
        assertThat(help.out()).contains("Example: hubwire identity create");
    }

    private static String expiredToken() {
        return io.hubwire.auth.SasToken.sign(
                        hub.host() + "/devices/device1",
                        io.hubwire.auth.SymmetricKey.ofBase64(KEY),
                        java.time.Instant.ofEpochSecond(1_700_000_000),
                        null)
                .text()
                .replace(" ", "~");
    }

    /** Until the device is connected and holds its subscriptions. */
    private static void awaitMethods(String device) {
        Awaitility.await().atMost(30, TimeUnit.SECONDS).until(() -> hub.engine()
                .sessions()
                .current(Identity.device(device))
                .filter(session -> session.acceptsMethods())
                .isPresent());
    }

    private static Run hubwire(String... args) {
        return at.run(args);
    }

    private static Run hubwireWithInput(String input, String... args) {
        return at.runWithInput(input, args);
    }
}
