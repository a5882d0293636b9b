package io.hubwire.cli.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.cli.bench.child.ChildMain;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.TransportException;
import io.hubwire.protocol.json.Json;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A JVM of ours with the same class path and JDK, asked one thing after another. Used by one thread. */
final class ChildJvm implements AutoCloseable {
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(5);

    private final String role;
    private final Process process;
    private final BufferedWriter requests;
    /** Empty: there will be no more. */
    private final BlockingQueue<Optional<String>> answers = new LinkedBlockingQueue<>();

    private ChildJvm(String role, Process process) {
        this.role = role;
        this.process = process;
        this.requests = process.outputWriter(StandardCharsets.UTF_8);
    }

    /** @param role see {@link ChildMain} */
    static ChildJvm fork(String role, String... jvmOptions) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xlog:disable", "-Xlog:all=error:stderr"));
        if (Runtime.version().feature() >= 24) {
            command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        }
        command.addAll(List.of(jvmOptions));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), ChildMain.class.getName(), role));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            ChildJvm child = new ChildJvm(role, process);
            child.startReading();
            return child;
        } catch (IOException e) {
            throw new TransportException(ErrorCode.UNREACHABLE, "cannot start a JVM as [" + role + "]", e);
        }
    }

    private void startReading() {
        Thread reader = new Thread(this::readAnswers, "hubwire-bench-" + role);
        reader.setDaemon(true);
        reader.start();
    }

    private void readAnswers() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            lines.lines().forEach(line -> answers.add(Optional.of(line)));
        } catch (IOException | RuntimeException e) {
            answers.add(
                    Optional.of(Json.object().put("error", String.valueOf(e)).toString()));
        }
        answers.add(Optional.empty());
    }

    /**
     * Asks and waits for the answer.
     *
     * @throws TransportException when the child fails, ends or does not answer in time
     */
    JsonNode ask(ObjectNode request, Duration within) throws InterruptedException {
        try {
            requests.write(request.toString());
            requests.newLine();
            requests.flush();
        } catch (IOException e) {
            throw new TransportException(ErrorCode.CONNECTION_LOST, "the JVM of [" + role + "] has ended", e);
        }
        Optional<String> line = answers.poll(within.toMillis(), TimeUnit.MILLISECONDS);
        if (line == null) {
            throw new TransportException(
                    ErrorCode.TIMED_OUT,
                    "the JVM of [" + role + "] did not answer within " + within.toSeconds() + " s");
        }
        JsonNode answer = Json.parse(
                "answer of [" + role + "]",
                line.orElseThrow(() -> new TransportException(
                        ErrorCode.CONNECTION_LOST, "the JVM of [" + role + "] has ended without an answer")));
        if (answer.has("error")) {
            throw new TransportException(
                    ErrorCode.SERVER_ERROR,
                    "[" + role + "]: " + answer.path("error").asText());
        }
        return answer;
    }

    /** Lets it end, and ends it when it does not. */
    @Override
    public void close() {
        try {
            requests.close();
        } catch (IOException e) {
            process.destroy(); // it has ended already, or will now
        }
        try {
            if (!process.waitFor(ENDS_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
