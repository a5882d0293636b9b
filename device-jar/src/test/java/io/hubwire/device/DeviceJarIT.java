package io.hubwire.device;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.LocalHub;
import io.hubwire.localhub.engine.DirectMethods;
import io.hubwire.localhub.engine.ETagMatch;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.json.Json;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The jar alone makes a device: {@code DeviceProbe.java} runs in a JVM that has nothing else on its class path. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class DeviceJarIT {
    /** Three mebibytes; the build that outgrows them should know it. */
    private static final long MOST_BYTES = 3 * 1024 * 1024;

    private static final Identity DEVICE = Identity.device("device1");

    private final Path jar = Path.of(System.getProperty("hubwire.device.jar"));

    @Test
    void the_jar_is_small() throws Exception {
        assertThat(Files.size(jar)).isLessThan(MOST_BYTES);
    }

    @Test
    void a_device_with_only_this_jar_does_all_a_device_does() throws Exception {
        try (LocalHub hub = LocalHub.start()) {
            Process device = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-cp",
                            jar.toString(),
                            Path.of("src/test/resources/DeviceProbe.java").toString(),
                            hub.deviceConnectionString("device1"),
                            Integer.toString(hub.mqttPort()),
                            hub.caFile().toString())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            List<String> said = new ArrayList<>();
            try (BufferedReader lines = device.inputReader(StandardCharsets.UTF_8)) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    said.add(line);
                    if (line.equals("ready")) {
                        hub.engine().c2d().enqueue(DEVICE, Message.of("hello from the cloud"));
                        assertThat(blink(hub)).isEqualTo("200 {\"blinked\":3}");
                        desireBrightness(hub);
                    }
                }
            } finally {
                device.destroyForcibly();
            }

            assertThat(device.waitFor()).as(said.toString()).isZero();
            assertThat(said)
                    .contains("ready", "message hello from the cloud", "method {\"times\":3}", "end")
                    .anySatisfy(line -> assertThat(line).startsWith("desired").contains("{\"brightness\":7}"))
                    .anySatisfy(line -> assertThat(line).startsWith("twin").contains("\"pi\":3.14159"));
            assertThat(hub.engine()
                            .twins()
                            .get(DEVICE)
                            .at("/properties/reported/firmware")
                            .asText())
                    .isEqualTo("1.0");
        }
    }

    private static String blink(LocalHub hub) {
        byte[] payload = "{\"times\":3}".getBytes(StandardCharsets.UTF_8);
        DirectMethods.Result result = hub.engine()
                .methods()
                .invoke(DEVICE, new DirectMethods.Call("blink", payload, Duration.ofSeconds(30), Duration.ZERO))
                .join();
        return result.status() + " " + new String(result.payload(), StandardCharsets.UTF_8);
    }

    private static void desireBrightness(LocalHub hub) {
        ObjectNode body = Json.object();
        body.putObject("properties").putObject("desired").put("brightness", 7);
        hub.engine().twins().patch(DEVICE, body, ETagMatch.parse(null));
    }
}
