package io.hubwire.device;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.auth.X509Identity;
import io.hubwire.localhub.LocalHub;
import io.hubwire.localhub.engine.DirectMethods;
import io.hubwire.localhub.engine.ETagMatch;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
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
    /** The build that outgrows three megabytes should know it. */
    private static final long MOST_BYTES = 3_000_000;

    private static final String SOME_ID = "123e4567-e89b-12d3-a456-426614174000";
    private static final Identity DEVICE = Identity.device("device1");

    private final Path jar = Path.of(System.getProperty("hubwire.device.jar"));

    @Test
    void the_jar_is_small() throws Exception {
        assertThat(Files.size(jar)).isLessThan(MOST_BYTES);
    }

    @Test
    void a_device_with_only_this_jar_does_all_a_device_does() throws Exception {
        try (LocalHub hub = LocalHub.start()) {
            Process device = start(
                    "DeviceProbe.java",
                    hub.deviceConnectionString("device1"),
                    Integer.toString(hub.mqttPort()),
                    hub.caFile().toString());
            List<String> said = new ArrayList<>();
            try (BufferedReader lines = device.inputReader(StandardCharsets.UTF_8)) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    said.add(line);
                    if (line.equals("ready")) {
                        hub.engine().c2d().enqueue(DEVICE, Message.of("hello from the cloud"));
                        assertThat(blink(hub)).isEqualTo("200 {\"blinked\":3}");
                        desire(hub, DEVICE, "{\"brightness\":7}");
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

    @Test
    void a_device_with_only_this_jar_reads_every_form_of_key_and_connects_by_certificate() throws Exception {
        Path pem = Path.of("../sas-auth/src/test/resources/pem");
        String thumbprint = X509Identity.pem(pem.resolve("ec-cert.pem"), pem.resolve("ec-pkcs8.pem"), null)
                .thumbprint();
        Identity who = Identity.device("cert-device");
        try (LocalHub hub = LocalHub.start()) {
            ObjectNode body = Json.object();
            body.putObject("authentication")
                    .put("type", "selfSigned")
                    .putObject("x509Thumbprint")
                    .put("primaryThumbprint", thumbprint);
            hub.engine().registry().create(who, body);
            desire(
                    hub,
                    who,
                    "{\"brightness\":7,\"level\":0.5,\"on\":true,\"names\":[\"a\",\"b\"],\"times\":{\"t\":1},\"mode\":\"ECO\","
                            + "\"nested\":{\"amount\":1.10,\"id\":\"" + SOME_ID
                            + "\"},\"numbers\":[1,2],\"any\":{\"x\":[1]}}");
            Process device = start(
                    "CertificateProbe.java",
                    who.deviceId(),
                    Integer.toString(hub.mqttPort()),
                    hub.caFile().toString(),
                    pem.toString(),
                    "open sesame");
            List<String> said;
            try (BufferedReader lines = device.inputReader(StandardCharsets.UTF_8)) {
                said = lines.lines().toList();
            } finally {
                device.destroyForcibly();
            }
            assertThat(device.waitFor()).as(said.toString()).isZero();
            assertThat(said)
                    .endsWith(
                            "reported 2",
                            "settings 7 0.5 true [a, b] ECO Nested[amount=1.10, id=" + SOME_ID + "] [1, 2] {x=[1]}",
                            "bean [1, 2.5, ü, true, {}]",
                            "end");
            assertThat(said.stream().filter(line -> line.startsWith("loaded"))).hasSize(12);
            assertThat(said.stream().filter(line -> line.equals("refused InvalidInputException")))
                    .hasSize(6);
        }
    }

    private Process start(String probe, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                jar.toString(),
                Path.of("src/test/resources", probe).toString()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static String blink(LocalHub hub) {
        byte[] payload = "{\"times\":3}".getBytes(StandardCharsets.UTF_8);
        DirectMethods.Result result = hub.engine()
                .methods()
                .invoke(DEVICE, new DirectMethods.Call("blink", payload, Duration.ofSeconds(30), Duration.ZERO))
                .join();
        return result.status() + " " + new String(result.payload(), StandardCharsets.UTF_8);
    }

    private static void desire(LocalHub hub, Identity whose, String desired) {
        ObjectNode body = Json.object();
        body.putObject("properties").set("desired", Json.parse("desired", desired));
        hub.engine().twins().patch(whose, body, ETagMatch.parse(null));
    }
}
