package io.hubwire.cli.bench;

import static io.hubwire.cli.bench.DeviceBench.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.cli.bench.Contest.Side;
import io.hubwire.cli.context.CliContext;
import io.hubwire.cli.output.Table;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.json.Json;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How long a hub takes to start and stop, next to the broker inside it. */
@Command(
        name = "start",
        mixinStandardHelpOptions = true,
        description = {
            "Start and stop the local hub, and a bare HiveMQ with a TLS listener of its own, turn by",
            "turn in fresh JVMs: the first start of a JVM, and those after it."
        },
        footer = {"", "Example: hubwire bench start --rounds 5"})
final class StartBench implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int STARTS = 4;

    @Option(names = "--rounds", paramLabel = "N", description = "Fresh JVMs of each side. Default ${DEFAULT-VALUE}.")
    private int rounds = 3;

    private final CliContext context;

    StartBench(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (rounds < 1) {
            throw new InvalidInputException("--rounds [" + rounds + "] must be positive");
        }
        ObjectNode machine = Machine.json(context.clock());
        Side hub = new Side("local hub", () -> starts("hub"));
        Side broker = new Side("bare broker", () -> starts("broker"));
        Contest first = new Contest("first start", "firstMillis", false, 1.0, hub, broker);
        for (int round = 1; round <= rounds; round++) {
            context.terminal().note("bench: round " + round + " of " + rounds);
            first.round();
        }
        ObjectNode document = Json.object();
        document.set("machine", machine);
        document.put("rounds", rounds);
        document.setAll(first.json());
        context.answer(document, () -> print(document));
        return 0;
    }

    private static Sample starts(String server) throws InterruptedException {
        try (ChildJvm jvm = ChildJvm.fork("start", "-Xmx1g")) {
            JsonNode answer = jvm.ask(request(server).put("times", STARTS), PATIENCE);
            List<Double> starts = numbers(answer.withArray("startMillis"));
            List<Double> stops = numbers(answer.withArray("stopMillis"));
            return new Sample(Map.of(
                    "firstMillis", starts.get(0),
                    "laterMillis", median(starts.subList(1, STARTS)),
                    "stopMillis", median(stops.subList(1, STARTS))));
        }
    }

    private static List<Double> numbers(ArrayNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asDouble)
                .toList();
    }

    private static double median(List<Double> values) {
        return Sample.median(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private void print(ObjectNode document) {
        Table table = new Table("ms", "first start", "later starts", "stop");
        for (String side : new String[] {"ours", "peer"}) {
            JsonNode figures = document.path(side);
            table.row(
                    figures.path("name").asText(),
                    millis(figures, "firstMillis"),
                    millis(figures, "laterMillis"),
                    millis(figures, "stopMillis"));
        }
        context.terminal().line(Machine.line((ObjectNode) document.path("machine")));
        context.terminal().table(table);
    }

    private static String millis(JsonNode from, String name) {
        return String.format(Locale.ROOT, "%.0f", from.path(name).asDouble());
    }
}
