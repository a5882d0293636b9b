package io.hubwire.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.hubwire.cli.connect.EnvFile;
import io.hubwire.localhub.LocalHub;
import io.hubwire.localhub.engine.EventLog;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the command does over device HTTPS, and what the back end sees of it. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class HttpCommandsTest {
    @TempDir
    static Path home;

    private static LocalHub hub;
    private static int devices;
    private String device = "";

    @BeforeAll
    static void start() {
        hub = LocalHub.start();
        new EnvFile(
                        home.resolve(".hubwire/local.env"),
                        Map.of(
                                "HUBWIRE_HOST", hub.host(),
                                "HUBWIRE_HTTPS_PORT", Integer.toString(hub.httpsPort()),
                                "HUBWIRE_AMQP_PORT", Integer.toString(hub.amqpPort()),
                                "HUBWIRE_CA_FILE", hub.caFile().toString(),
                                "HUBWIRE_PID",
                                        Long.toString(ProcessHandle.current().pid()),
                                "IOTHUB_CONNECTION_STRING", hub.connectionString("iothubowner")))
                .write();
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @BeforeEach
    void create() {
        device = "cli-http-" + devices++;
        hub.engine().registry().create(Identity.device(device), Json.object());
    }

    private static Run hubwire(String input, String... args) {
        return Run.hubwire(home, Map.of(), input, args);
    }

    private List<String> events() {
        EventLog log = hub.engine().events();
        return IntStream.range(0, log.partitions())
                .boxed()
                .flatMap(p -> log.read(p, 0, 100_000).stream())
                .filter(e -> e.source().equals(Identity.device(device)))
                .map(e -> e.message().text() + e.message().properties())
                .toList();
    }

    @Test
    void telemetry_goes_over_https() {
        Run sent = hubwire("", "device", "send", "-d", device, "hot", "-p", "k=v", "--count", "2", "--via", "http");
        assertThat(sent.exit()).as(sent.err()).isZero();
        assertThat(events()).containsExactly("hot{k=v}", "hot{k=v}");
    }

    @Test
    void each_line_of_standard_input_is_a_message_of_a_batch() {
        Run sent = hubwire(
                "one\n\ntwo\nthree", "device", "send", "-d", device, "-", "--batch", "--via", "http", "-o", "json");
        assertThat(sent.exit()).as(sent.err()).isZero();
        assertThat(sent.jsonLines())
                .singleElement()
                .satisfies(line -> assertThat(line.path("messages").asInt()).isEqualTo(3));
        assertThat(events()).containsExactly("one{}", "two{}", "three{}");
    }

    @Test
    void more_lines_than_a_batch_holds_make_several() {
        Run sent = hubwire("x\n".repeat(1_001), "device", "send", "-d", device, "-", "--batch", "--via", "http");
        assertThat(sent.exit()).as(sent.err()).isZero();
        assertThat(sent.out().lines()).hasSize(3);
        assertThat(events()).hasSize(1_001);
    }

    @Test
    void a_batch_without_https_is_refused() {
        assertThat(hubwire("x", "device", "send", "-d", device, "-", "--batch").exit())
                .isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"--complete,0", "--reject,0", "--abandon,1"})
    void a_waiting_message_is_received_and_settled(String how, int left) {
        hub.engine()
                .c2d()
                .enqueue(
                        Identity.device(device),
                        Message.builder("hello")
                                .messageId("m1")
                                .property("k", "v")
                                .build());

        Run received = hubwire("", "c2d", "receive", device, how, "-o", "json");

        assertThat(received.exit()).as(received.err()).isZero();
        JsonNode message = received.jsonLines().get(0);
        assertThat(message.path("settlement").asText()).isEqualTo(how.substring(2));
        assertThat(message.path("body").asText()).isEqualTo("hello");
        assertThat(message.path("properties").path("k").asText()).isEqualTo("v");
        assertThat(message.path("system").path("message-id").asText()).isEqualTo("m1");
        assertThat(hub.engine().c2d().pending(Identity.device(device))).isEqualTo(left);
    }

    @Test
    void an_empty_queue_is_no_failure_and_two_settlements_are() {
        Run none = hubwire("", "c2d", "receive", device);
        assertThat(none.exit()).isZero();
        assertThat(none.out()).isEmpty();
        assertThat(none.err()).contains("nothing waits");
        assertThat(hubwire("", "c2d", "receive", device, "--complete", "--reject")
                        .exit())
                .isEqualTo(2);
    }

    @Test
    void a_file_goes_up_and_the_back_end_reads_of_it() throws IOException {
        Path file = Files.write(home.resolve("flight.log"), new byte[5 << 20]);

        Run uploaded = hubwire(
                "", "device", "upload", "-d", device, file.toString(), "--blob-name", "logs/flight.log", "-o", "json");
        assertThat(uploaded.exit()).as(uploaded.err()).isZero();
        assertThat(uploaded.json().path("blobName").asText()).isEqualTo(device + "/logs/flight.log");
        assertThat(uploaded.json().path("blobSizeInBytes").asLong()).isEqualTo(5 << 20);

        Run notices = hubwire("", "files", "--count", "1", "--timeout", "20s", "-o", "json");
        assertThat(notices.exit()).as(notices.err()).isZero();
        assertThat(notices.jsonLines()).singleElement().satisfies(notice -> {
            assertThat(notice.path("deviceId").asText()).isEqualTo(device);
            assertThat(notice.path("blobUri").asText())
                    .isEqualTo(uploaded.json().path("blobUri").asText());
        });
        assertThat(hubwire("", "files", "--count", "1", "--timeout", "1s").exit())
                .isEqualTo(3);
    }

    @Test
    void a_file_that_is_not_there_is_one_line_and_a_failure() {
        Run missing = hubwire(
                "", "device", "upload", "-d", device, home.resolve("none").toString());
        assertThat(missing.exit()).isEqualTo(1);
        assertThat(missing.err()).contains("none").doesNotContain("\tat ");
    }
}
