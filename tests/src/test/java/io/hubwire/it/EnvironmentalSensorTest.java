package io.hubwire.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.localhub.LocalHub;
import io.hubwire.localhub.engine.DirectMethods;
import io.hubwire.localhub.engine.ETagMatch;
import io.hubwire.localhub.engine.EventLog;
import io.hubwire.localhub.engine.Provisioning.Kind;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The example program, run as its reader would run it: by the {@code java} command, from its source. */
@Timeout(180)
class EnvironmentalSensorTest {
    private static final Path SOURCE = Path.of("examples", "EnvironmentalSensor.java");
    private static final Identity SENSOR = Identity.device("sensor-1");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private LocalHub hub;

    @BeforeEach
    void start() {
        hub = LocalHub.start();
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    @Test
    void fits_on_two_screens() throws Exception {
        assertThat(Files.readAllLines(SOURCE)).hasSizeLessThanOrEqualTo(120);
    }

    @Test
    void provisions_reports_sends_obeys_and_confirms() throws Exception {
        SymmetricKey key = enroll();
        Process sensor = run(key, 40, 250);
        try {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(reported().path("swVersion").asText())
                            .as(output())
                            .isEqualTo("1.0.0"));
            assertThat(hub.engine().twins().get(SENSOR).path("modelId").asText())
                    .isEqualTo("dtmi:com:example:EnvironmentalSensor;1");
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(reported().at("/name/value").asText())
                            .as("what was wanted before it was there")
                            .isEqualTo("kitchen"));
            hub.engine()
                    .twins()
                    .patch(
                            SENSOR,
                            Json.parseObject("patch", "{\"properties\":{\"desired\":{\"brightness\":7}}}"),
                            new ETagMatch.Any());
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(reported().path("brightness"))
                    .hasToString("{\"value\":7,\"ac\":200,\"av\":2,\"ad\":\"brightness is set\"}"));
            assertThat(invoke("blink").status()).isEqualTo(200);
            assertThat(invoke("turnoff").status()).isEqualTo(200);
            await().atMost(PATIENCE).until(() -> !reported().path("state").asBoolean(true));
            assertThat(invoke("turnon").status()).isEqualTo(200);
            assertThat(invoke("rundiagnostics").status()).isEqualTo(202);
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(
                            reported().at("/rundiagnostics/value").asText())
                    .isEqualTo("all parts answer"));
            assertThat(invoke("selfdestruct").status()).isEqualTo(501);
            assertThat(sensor.waitFor(60, TimeUnit.SECONDS)).as(output()).isTrue();
            assertThat(sensor.exitValue()).as(output()).isZero();
            assertThat(readings()).hasSize(40).allSatisfy(event -> {
                JsonNode reading = Json.parse("reading", event.message().text());
                assertThat(reading.path("temp").asDouble()).isBetween(19.0, 25.0);
                assertThat(reading.path("humid").asDouble()).isBetween(40.0, 60.0);
            });
        } finally {
            sensor.destroy();
        }
    }

    @Test
    void a_wrong_key_ends_it_with_a_reason() throws Exception {
        enroll();
        Process sensor = run(SymmetricKey.ofBytes(new byte[32]), 1, 1);
        assertThat(sensor.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(sensor.exitValue()).isNotZero();
        assertThat(output()).contains("401002").doesNotContain("SharedAccessSignature");
    }

    private SymmetricKey enroll() {
        return SymmetricKey.ofBase64(hub.engine()
                .provisioning()
                .putEnrollment(
                        Kind.INDIVIDUAL,
                        "sensor-1",
                        Json.parseObject(
                                "enrollment",
                                "{\"attestation\":{\"type\":\"symmetricKey\"},"
                                        + "\"initialTwin\":{\"properties\":{\"desired\":{\"name\":\"kitchen\"}}}}"),
                        new ETagMatch.Absent())
                .at("/attestation/symmetricKey/primaryKey")
                .asText());
    }

    private Process run(SymmetricKey key, int readings, int intervalMillis) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SOURCE.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("output").toFile());
        builder.environment()
                .putAll(Map.of(
                        "DPS_ID_SCOPE", hub.idScope(),
                        "REGISTRATION_ID", "sensor-1",
                        "DEVICE_KEY", key.base64(),
                        "DPS_HOST", hub.host(),
                        "HUBWIRE_HTTPS_PORT", Integer.toString(hub.httpsPort()),
                        "HUBWIRE_MQTT_PORT", Integer.toString(hub.mqttPort()),
                        "HUBWIRE_CA_FILE", hub.caFile().toString(),
                        "READINGS", Integer.toString(readings),
                        "INTERVAL_MILLIS", Integer.toString(intervalMillis)));
        return builder.start();
    }

    private JsonNode reported() {
        boolean there = hub.engine().registry().list(10).stream()
                .anyMatch(device -> device.path("deviceId").asText().equals("sensor-1"));
        return there ? hub.engine().twins().deviceView(SENSOR).path("reported") : Json.object();
    }

    private DirectMethods.Result invoke(String name) throws Exception {
        return hub.engine()
                .methods()
                .invoke(
                        SENSOR,
                        new DirectMethods.Call(
                                name,
                                "null".getBytes(StandardCharsets.UTF_8),
                                Duration.ofSeconds(20),
                                Duration.ofSeconds(10)))
                .get(40, TimeUnit.SECONDS);
    }

    private List<EventLog.Stored> readings() {
        EventLog events = hub.engine().events();
        return IntStream.range(0, events.partitions())
                .boxed()
                .flatMap(partition -> events.read(partition, 0, 1_000).stream())
                .filter(event -> event.source().equals(SENSOR))
                .toList();
    }

    private String output() throws Exception {
        Path file = folder.resolve("output");
        return Files.exists(file) ? Files.readString(file) : "";
    }
}
