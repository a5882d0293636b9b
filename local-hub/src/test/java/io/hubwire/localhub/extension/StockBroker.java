package io.hubwire.localhub.extension;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * A HiveMQ in a JVM of its own that has no class of ours but those in the archive in its extensions folder. What it logs is
 * kept; each wait is a minute at most.
 */
final class StockBroker implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String CONFIG = """
            <?xml version="1.0"?>
            <hivemq>
                <listeners>
                    <tcp-listener><port>0</port><bind-address>127.0.0.1</bind-address><name>own</name></tcp-listener>
                </listeners>
                <mqtt>
                    <packets><max-packet-size>1000</max-packet-size></packets>
                    <retained-messages><enabled>false</enabled></retained-messages>
                </mqtt>
                <persistence><mode>in-memory</mode></persistence>
                <anonymous-usage-statistics><enabled>false</enabled></anonymous-usage-statistics>
            </hivemq>
            """;
    private static final String LOGGING = """
            <configuration>
                <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
                    <encoder><pattern>%level %logger{0} %msg%n</pattern></encoder>
                </appender>
                <root level="INFO"><appender-ref ref="out"/></root>
            </configuration>
            """;

    private final Path home;
    private final Path extension;
    private final List<String> said = new ArrayList<>();
    private Process process;
    private Thread reader;

    /** Lays out its home, and the extension in it, in an empty folder. */
    StockBroker(Path home) throws IOException {
        this.home = home;
        extension = home.resolve("extensions/hubwire");
        for (String folder : List.of("conf", "data", "log", "extensions")) {
            Files.createDirectories(home.resolve(folder));
        }
        Files.writeString(home.resolve("conf/config.xml"), CONFIG);
        Files.writeString(home.resolve("conf/logback.xml"), LOGGING);
        try (InputStream source = StockBroker.class.getResourceAsStream("/extension/StockBroker.java")) {
            Files.copy(Objects.requireNonNull(source), home.resolve("StockBroker.java"));
        }
        unzip(archive(), home.resolve("extensions"));
    }

    /** The archive that the build has made. */
    static Path archive() {
        return Path.of(System.getProperty("hubwire.extension.archive"));
    }

    static String classPath() {
        return System.getProperty("hubwire.broker.classpath");
    }

    /** The extension's folder. */
    Path extension() {
        return extension;
    }

    /** Starts it and waits for the last word of its start. @param environment beside that of this process */
    StockBroker start(Map<String, String> environment) throws IOException {
        ProcessBuilder command = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Dhivemq.home=" + home,
                        "-Dlogback.configurationFile=" + home.resolve("conf/logback.xml"),
                        "-cp",
                        classPath(),
                        home.resolve("StockBroker.java").toString())
                .directory(home.toFile())
                .redirectErrorStream(true);
        command.environment().putAll(environment);
        process = command.start();
        reader = new Thread(this::read, "stock-broker-output");
        reader.setDaemon(true);
        reader.start();
        await("Started HiveMQ in .*");
        return this;
    }

    /** Waits for a line it logs, or has logged. @return the match in the first such line */
    MatchResult await(String pattern) {
        Pattern wanted = Pattern.compile(pattern);
        long end = System.nanoTime() + PATIENCE.toNanos();
        synchronized (said) {
            while (true) {
                for (String line : said) {
                    var match = wanted.matcher(line);
                    if (match.find()) {
                        return match.toMatchResult();
                    }
                }
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                assertThat(left).as("no line [%s] in %s", pattern, said).isPositive();
                try {
                    said.wait(left);
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            }
        }
    }

    int await(String pattern, int group) {
        return Integer.parseInt(await(pattern).group(group));
    }

    /** Asks for something, see the broker's source. @return the rest of the line that says it is done */
    String ask(String request) throws IOException {
        forget();
        Writer out = process.outputWriter(StandardCharsets.UTF_8);
        out.write(request + "\n");
        out.flush();
        return await("^done " + request + " (.*)").group(1);
    }

    /** What it logged so far, or since it was last told to forget. */
    String said() {
        synchronized (said) {
            return String.join("\n", said);
        }
    }

    private void forget() {
        synchronized (said) {
            said.clear();
        }
    }

    /** Stops it as a service would. @return its exit code */
    int stop() throws InterruptedException {
        process.toHandle().destroy(); // and does not close its output, as the process's own method does
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        reader.join(PATIENCE.toMillis());
        return process.exitValue();
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    private void read() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                synchronized (said) {
                    said.add(line);
                    said.notifyAll();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void unzip(Path archive, Path into) throws IOException {
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(archive))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = into.resolve(entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(file);
                } else {
                    Files.createDirectories(file.getParent());
                    Files.copy(zip, file);
                }
            }
        }
    }
}
