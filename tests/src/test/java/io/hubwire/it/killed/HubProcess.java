package io.hubwire.it.killed;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.auth.ConnectionString;
import io.hubwire.auth.TlsTrust;
import io.hubwire.cli.Main;
import io.hubwire.cli.connect.EnvFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** {@code hubwire hub start --data} in a JVM of its own. */
final class HubProcess implements AutoCloseable {
    private static final Duration STARTS_WITHIN = Duration.ofSeconds(30);

    private final Process process;
    private final Map<String, String> facts;
    private final TlsTrust trust;

    private HubProcess(Process process, Map<String, String> facts) {
        this.process = process;
        this.facts = facts;
        this.trust = TlsTrust.pem(Path.of(fact("HUBWIRE_CA_FILE")));
    }

    /**
     * Starts it and waits until it answers.
     *
     * @param scratch gets its env file, its certificate authority and {@code hub.log}; the data are in {@code data}
     */
    static HubProcess start(Path scratch, String... options) throws IOException {
        Path env = scratch.resolve("hub.env");
        Files.deleteIfExists(env); // a killed hub leaves it
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of("hub", "start", "--free-ports"));
        command.addAll(List.of("--data", scratch.resolve("data").toString()));
        command.addAll(List.of("--env-file", env.toString()));
        command.addAll(List.of("--ca-dir", scratch.resolve("ca").toString()));
        command.addAll(List.of(options));
        Path log = scratch.resolve("hub.log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        try {
            Awaitility.await()
                    .atMost(STARTS_WITHIN)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> Files.exists(env) || !process.isAlive());
            assertThat(process.isAlive())
                    .as("the hub runs; its log is [%s]", log)
                    .isTrue();
            return new HubProcess(process, EnvFile.read(env).orElseThrow().values());
        } catch (RuntimeException | Error e) {
            process.destroyForcibly();
            throw e;
        }
    }

    private String fact(String name) {
        String value = facts.get(name);
        assertThat(value).as(name).isNotNull();
        return String.valueOf(value);
    }

    int mqttPort() {
        return Integer.parseInt(fact("HUBWIRE_MQTT_PORT"));
    }

    int httpsPort() {
        return Integer.parseInt(fact("HUBWIRE_HTTPS_PORT"));
    }

    int amqpPort() {
        return Integer.parseInt(fact("HUBWIRE_AMQP_PORT"));
    }

    TlsTrust trust() {
        return trust;
    }

    ConnectionString owner() {
        return ConnectionString.parse(fact("IOTHUB_CONNECTION_STRING"));
    }

    /** Lets it work for so long, then kills it. */
    void killAfter(Duration time) throws InterruptedException {
        assertThat(process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS))
                .as("the hub ended by itself")
                .isFalse();
        kill();
    }

    /** SIGKILL: nothing of the process runs any more when this returns. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }
}
