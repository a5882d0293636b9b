package io.hubwire.cli.bench;

import static io.hubwire.cli.bench.DeviceBench.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.cli.context.CliContext;
import io.hubwire.cli.output.Terminal;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.json.Json;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Many devices in one JVM: what each costs. */
@Command(
        name = "clients",
        mixinStandardHelpOptions = true,
        description = {
            "Connect many device clients over TLS from one JVM to a local hub in another, and measure",
            "what each takes: platform threads, memory, time. Every client then sends one message."
        },
        footer = {
            "",
            "Memory is measured after a full collection; the client JVM runs with the serial collector.",
            "On JDK 17 a client has threads of its own: count with some hundred, not thousands.",
            "Example: JAVA_HOME=/path/to/jdk-25 hubwire bench clients --count 5000"
        })
final class ClientsBench implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int MAX_CLIENTS = 9000;
    /** Connected before counting begins, so that classes and pools are there. */
    private static final int FIRST = 50;

    private static final double KIB = 1024;

    @Option(names = "--count", paramLabel = "N", description = "Clients, 1 to 9000. Default ${DEFAULT-VALUE}.")
    private int count = 1000;

    private final CliContext context;

    ClientsBench(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (count < 1 || count > MAX_CLIENTS) {
            throw new InvalidInputException("--count [" + count + "] must be 1 to " + MAX_CLIENTS);
        }
        ObjectNode machine = Machine.json(context.clock());
        try (ChildJvm hub = ChildJvm.fork("hub", "-Xmx2g");
                ChildJvm fleet = ChildJvm.fork("fleet", "-Xmx2g", "-XX:+UseSerialGC")) {
            ObjectNode connect = request("connect");
            connect.setAll((ObjectNode) hub.ask(request("facts"), PATIENCE));
            JsonNode devices = hub.ask(request("devices").put("count", FIRST + count), PATIENCE)
                    .path("connectionStrings");
            connectSome(fleet, connect, devices, 0, FIRST);
            JsonNode before = fleet.ask(request("usage"), PATIENCE);
            context.terminal().note("bench: connecting " + count + " clients");
            JsonNode connected = connectSome(fleet, connect, devices, FIRST, count);
            JsonNode with = fleet.ask(request("usage"), PATIENCE);
            JsonNode sent = fleet.ask(request("send"), PATIENCE);
            JsonNode afterSend = fleet.ask(request("usage"), PATIENCE);
            JsonNode closed = fleet.ask(request("disconnect"), PATIENCE);
            ObjectNode document = Json.object();
            document.set("machine", machine);
            document.put("clients", count);
            outcome(document.putObject("connect"), connected);
            outcome(document.putObject("send"), sent);
            outcome(document.putObject("close"), closed);
            usage(document.putObject("connected"), before, with, FIRST + count);
            usage(document.putObject("afterSend"), before, afterSend, FIRST + count);
            context.answer(document, () -> print(document, context.terminal()));
            return 0;
        }
    }

    private static JsonNode connectSome(ChildJvm fleet, ObjectNode connect, JsonNode devices, int from, int number)
            throws InterruptedException {
        ObjectNode request = connect.deepCopy();
        var strings = request.putArray("connectionStrings");
        for (int i = from; i < from + number; i++) {
            strings.add(devices.path(i));
        }
        return fleet.ask(request, PATIENCE);
    }

    private static void outcome(ObjectNode json, JsonNode answer) {
        json.put("millis", Math.round(answer.path("millis").asDouble()))
                .put("failures", answer.path("failures").asInt());
    }

    private void usage(ObjectNode json, JsonNode before, JsonNode with, int all) {
        json.put("platformThreads", with.path("platformThreads").asInt())
                .put("threadsPerClient", Sample.rounded(grown("platformThreads", before, with) / count))
                .put("heapKibPerClient", Sample.rounded(grown("heapBytes", before, with) / KIB / count))
                .put("residentKibPerClient", Sample.rounded(grown("residentBytes", before, with) / KIB / count))
                .put(
                        "residentKibPerClientWholeJvm",
                        Sample.rounded(with.path("residentBytes").asDouble() / KIB / all));
    }

    private static double grown(String name, JsonNode before, JsonNode with) {
        return with.path(name).asDouble() - before.path(name).asDouble();
    }

    private static void print(ObjectNode document, Terminal terminal) {
        terminal.line(Machine.line((ObjectNode) document.path("machine")));
        for (String step : new String[] {"connect", "send", "close"}) {
            JsonNode outcome = document.path(step);
            terminal.line(String.format(
                    Locale.ROOT,
                    "%-8s %d clients in %d ms, %d failed",
                    step,
                    document.path("clients").asInt(),
                    outcome.path("millis").asInt(),
                    outcome.path("failures").asInt()));
        }
        for (String when : new String[] {"connected", "afterSend"}) {
            JsonNode usage = document.path(when);
            terminal.line(String.format(
                    Locale.ROOT,
                    "%-10s %d platform threads in all (%.2f a client); a client: heap %.1f KiB, RSS %.1f KiB"
                            + " (%.1f KiB with its share of the JVM)",
                    when,
                    usage.path("platformThreads").asInt(),
                    usage.path("threadsPerClient").asDouble(),
                    usage.path("heapKibPerClient").asDouble(),
                    usage.path("residentKibPerClient").asDouble(),
                    usage.path("residentKibPerClientWholeJvm").asDouble()));
        }
    }
}
