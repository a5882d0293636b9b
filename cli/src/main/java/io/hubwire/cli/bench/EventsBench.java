package io.hubwire.cli.bench;

import static io.hubwire.cli.bench.DeviceBench.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.cli.context.CliContext;
import io.hubwire.cli.output.Table;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.json.Json;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Many events through the event log and out over AMQP. */
@Command(
        name = "events",
        mixinStandardHelpOptions = true,
        description = {
            "Store events in a hub with a data folder and read them back over AMQP",
            "by one reader for each of the four partitions: first stored, then read;",
            "then read while they are stored at a given rate."
        },
        footer = {
            "",
            "Hub and readers are JVMs of their own, 256 MB of heap each; both end with this command.",
            "Fails when an event is missing, comes twice or out of order.",
            "Example: hubwire bench events --count 1000000 --body 200 --rate 20000"
        })
final class EventsBench implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final int PARTITIONS = 4;
    private static final int MAX_COUNT = 10_000_000;
    private static final int MAX_BODY = 256 * 1024;
    private static final String HEAP = "-Xmx256m";
    private static final double MIB = 1 << 20;

    @Option(names = "--count", paramLabel = "N", description = "Events to store, then read. Default ${DEFAULT-VALUE}.")
    private int count = 1_000_000;

    @Option(names = "--body", paramLabel = "BYTES", description = "Of an event. Default ${DEFAULT-VALUE}.")
    private int bodyBytes = 200;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "Events a second while being read, for ten seconds at most. Default ${DEFAULT-VALUE}.")
    private int rate = 20_000;

    private final CliContext context;

    EventsBench(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (count < 1 || count > MAX_COUNT || bodyBytes < 0 || bodyBytes > MAX_BODY || rate < 1) {
            throw new InvalidInputException(
                    "--count must be 1 to " + MAX_COUNT + ", --body 0 to " + MAX_BODY + ", --rate positive");
        }
        ObjectNode document = Json.object();
        document.set("machine", Machine.json(context.clock()));
        document.put("count", count).put("bodyBytes", bodyBytes).put("rate", rate);
        try (ChildJvm hub = ChildJvm.fork("events-hub", HEAP);
                ChildJvm reader = ChildJvm.fork("events-reader", HEAP)) {
            ObjectNode address = ((ObjectNode) hub.ask(request("facts"), PATIENCE)).put("partitions", PARTITIONS);
            note("storing " + count + " events");
            document.set("store", hub.ask(store(count), PATIENCE));
            note("reading them");
            document.set("read", readBack(hub, reader, address));
            note("storing " + rate + " a second while reading");
            document.set("follow", follow(hub, reader, address));
            document.set("hub", hub.ask(request("usage"), PATIENCE));
            document.set("reader", reader.ask(request("usage"), PATIENCE));
        }
        context.answer(document, () -> print(document));
        return 0;
    }

    private JsonNode readBack(ChildJvm hub, ChildJvm reader, ObjectNode address) throws InterruptedException {
        double before = cpu(hub);
        reader.ask(request("open").put("from", "earliest").setAll(address), PATIENCE);
        ObjectNode read = (ObjectNode) reader.ask(request("take").put("count", count), PATIENCE);
        reader.ask(request("close"), PATIENCE);
        return read.put("hubCpuMicros", (cpu(hub) - before) / 1e3 / count);
    }

    private JsonNode follow(ChildJvm hub, ChildJvm reader, ObjectNode address) throws InterruptedException {
        int events = Math.min(count, 10 * rate);
        reader.ask(request("open").put("from", "latest").setAll(address), PATIENCE);
        CompletableFuture<JsonNode> stored = CompletableFuture.supplyAsync(() -> {
            try {
                return hub.ask(store(events).put("perSecond", rate), PATIENCE);
            } catch (InterruptedException asked) {
                Thread.currentThread().interrupt();
                throw new CompletionException(asked);
            }
        });
        ObjectNode read = (ObjectNode) reader.ask(request("take").put("count", events), PATIENCE);
        reader.ask(request("close"), PATIENCE);
        return read.put("storedPerSecond", stored.join().path("perSecond").asDouble());
    }

    private static double cpu(ChildJvm jvm) throws InterruptedException {
        return jvm.ask(request("usage"), PATIENCE).path("cpuNanos").asDouble();
    }

    private ObjectNode store(int events) {
        return request("store").put("count", events).put("bodyBytes", bodyBytes);
    }

    private void note(String text) {
        context.terminal().note("bench: " + text);
    }

    private void print(ObjectNode document) {
        context.terminal().line(Machine.line((ObjectNode) document.path("machine")));
        context.terminal().line(count + " events of " + bodyBytes + " bytes, " + PARTITIONS + " partitions");
        JsonNode store = document.path("store");
        JsonNode read = document.path("read");
        JsonNode follow = document.path("follow");
        Table rates = new Table("", "a second", "hub CPU us", "reader CPU us", "p50 ms", "p99 ms", "slowest ms");
        rates.row("store", number("%.0f", store, "perSecond"), number("%.1f", store, "cpuMicros"), "", "", "", "");
        rates.row(
                "read back",
                number("%.0f", read, "perSecond"),
                number("%.1f", read, "hubCpuMicros"),
                number("%.1f", read, "cpuMicros"),
                "",
                "",
                "");
        rates.row(
                "store at " + number("%.0f", follow, "storedPerSecond") + " and read",
                number("%.0f", follow, "perSecond"),
                "",
                number("%.1f", follow, "cpuMicros"),
                number("%.0f", follow, "p50Millis"),
                number("%.0f", follow, "p99Millis"),
                number("%.0f", follow, "maxMillis"));
        context.terminal().table(rates);
        Table memory = new Table("MB", "heap after a collection", "resident");
        for (String side : new String[] {"hub", "reader"}) {
            memory.row(
                    side, mebibytes(document.path(side), "heapBytes"), mebibytes(document.path(side), "residentBytes"));
        }
        context.terminal().table(memory);
    }

    private static String number(String format, JsonNode from, String name) {
        return String.format(Locale.ROOT, format, from.path(name).asDouble());
    }

    private static String mebibytes(JsonNode from, String name) {
        return String.format(Locale.ROOT, "%.0f", from.path(name).asDouble() / MIB);
    }
}
