package io.hubwire.cli.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.cli.bench.Contest.Side;
import io.hubwire.cli.context.CliContext;
import io.hubwire.cli.output.Table;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** One device's telemetry: our client against bare Paho, our hub against a bare broker. */
@Command(
        name = "device",
        mixinStandardHelpOptions = true,
        description = {
            "Send telemetry at QoS 1 over TLS and compare, turn by turn in one run:",
            "our client with bare Paho (sending with a window, sending one by one, connecting),",
            "and what the local hub takes in with a bare HiveMQ on its own TLS listener."
        },
        footer = {
            "",
            "Every client and server is a JVM of its own; all of them end with this command.",
            "A ratio above 1 is in our favour. Figures are medians of the rounds.",
            "Example: hubwire bench device --rounds 7 --duration 3s"
        })
final class DeviceBench implements Callable<Integer> {
    private static final Duration FORKS_WITHIN = Duration.ofSeconds(60);
    private static final int CONNECTS = 20;
    private static final int MAX_WINDOW = 10_000;
    private static final String HEAP = "-Xmx1g";

    @Option(names = "--rounds", paramLabel = "N", description = "Default ${DEFAULT-VALUE}, after one to warm up.")
    private int rounds = 5;

    @Option(names = "--duration", paramLabel = "D", description = "Of one round of one side. Default 2s.")
    private Duration duration = Duration.ofSeconds(2);

    @Option(
            names = "--window",
            paramLabel = "N",
            description = "Most messages under way; repeatable. Default 100 and 1000.")
    private List<Integer> windows = new ArrayList<>();

    @Option(names = "--body", paramLabel = "BYTES", description = "Of a message. Default ${DEFAULT-VALUE}.")
    private int bodyBytes = 1024;

    @Option(names = "--only", paramLabel = "TEXT", description = "Contests with this in their name. Default all.")
    private String only = "";

    private final CliContext context;

    DeviceBench(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (windows.isEmpty()) {
            windows.addAll(List.of(100, 1000));
        }
        requireRanges();
        ObjectNode machine = Machine.json(context.clock());
        ArrayNode contests = Json.object().putArray("contests");
        try (ChildJvm hub = ChildJvm.fork("hub", HEAP);
                ChildJvm broker = ChildJvm.fork("broker", HEAP);
                ChildJvm hubwire = ChildJvm.fork("hubwire", HEAP);
                ChildJvm paho = ChildJvm.fork("paho", HEAP);
                ChildJvm rawAtHub = ChildJvm.fork("raw", HEAP);
                ChildJvm rawAtBroker = ChildJvm.fork("raw", HEAP)) {
            String device = hub.ask(request("devices").put("count", 1), FORKS_WITHIN)
                    .path("connectionStrings")
                    .path(0)
                    .asText();
            Server hubServer = Server.of(hub, device, bodyBytes);
            Server brokerServer = Server.of(broker, device, bodyBytes);
            List<Contest> all = new ArrayList<>();
            for (int window : windows) {
                all.add(contest("send, window " + window, "perSecond", true, 1.0, new Side[] {
                    side("hubwire", hubwire, hubServer, "async", window), side("Paho", paho, hubServer, "async", window)
                }));
            }
            all.add(contest("send one by one", "perSecond", true, 0.95, new Side[] {
                side("hubwire", hubwire, hubServer, "blocking", 1), side("Paho", paho, hubServer, "blocking", 1)
            }));
            all.add(contest("connect", "millis", false, 1.0, new Side[] {
                side("hubwire", hubwire, hubServer, "connect", 1), side("Paho", paho, hubServer, "connect", 1)
            }));
            for (int window : windows) {
                all.add(contest("take in, window " + window, "perSecond", true, 1.5, new Side[] {
                    side("local hub", rawAtHub, hubServer, "async", window),
                    side("bare broker", rawAtBroker, brokerServer, "async", window)
                }));
            }
            all.removeIf(contest -> !contest.name().contains(only));
            if (all.isEmpty()) {
                throw new InvalidInputException("--only [" + only + "] is in no contest's name");
            }
            run(all);
            all.forEach(contest -> contests.add(contest.json()));
        }
        ObjectNode document = Json.object();
        document.set("machine", machine);
        document.put("rounds", rounds).put("millis", duration.toMillis()).put("bodyBytes", bodyBytes);
        document.set("contests", contests);
        context.answer(document, () -> print(machine, contests));
        return 0;
    }

    private void requireRanges() {
        if (rounds < 1 || duration.toMillis() < 1 || bodyBytes < 0) {
            throw new InvalidInputException("--rounds, --duration and --body must be positive");
        }
        for (int window : windows) {
            if (window < 1 || window > MAX_WINDOW) {
                throw new InvalidInputException("--window [" + window + "] must be 1 to " + MAX_WINDOW);
            }
        }
    }

    private void run(List<Contest> all) throws InterruptedException {
        note("warming up");
        for (Contest contest : all) {
            contest.warmUp();
        }
        for (int round = 1; round <= rounds; round++) {
            note("round " + round + " of " + rounds);
            for (Contest contest : all) {
                contest.round();
            }
        }
    }

    private void note(String text) {
        context.terminal().note("bench: " + text);
    }

    private static Contest contest(String name, String figure, boolean moreIsBetter, double target, Side[] sides) {
        return new Contest(name, figure, moreIsBetter, target, sides[0], sides[1]);
    }

    private Side side(String name, ChildJvm client, Server server, String what, int window) {
        ObjectNode request = request(what)
                .put("window", window)
                .put("millis", duration.toMillis())
                .put("times", CONNECTS);
        return new Side(name, () -> server.load(client, request, duration.plus(FORKS_WITHIN)));
    }

    static ObjectNode request(String what) {
        return Json.object().put("do", what);
    }

    private void print(ObjectNode machine, ArrayNode contests) {
        Table table = new Table("", "ratio", "lowest", "highest", "wanted", "ours", "", "peer");
        Table costs = new Table("per message", "", "client CPU us", "server CPU us", "bytes", "p50 us", "p99 us");
        for (JsonNode contest : contests) {
            JsonNode ours = contest.path("ours");
            JsonNode peer = contest.path("peer");
            String figure = contest.path("figure").asText();
            table.row(
                    contest.path("name").asText(),
                    number("%.2f", contest, "ratio"),
                    number("%.2f", contest, "ratioLowest"),
                    number("%.2f", contest, "ratioHighest"),
                    number("%.2f", contest, "target"),
                    amount(ours, figure),
                    figure.equals("millis") ? "ms" : "a second",
                    amount(peer, figure) + " " + peer.path("name").asText());
            if (!figure.equals("millis")) {
                costs(costs, contest.path("name").asText(), ours);
                costs(costs, contest.path("name").asText(), peer);
            }
        }
        context.terminal().line(Machine.line(machine));
        context.terminal()
                .line(rounds + " rounds of " + duration.toMillis() + " ms a side, " + bodyBytes + " bytes a message");
        context.terminal().table(table);
        context.terminal().table(costs);
    }

    private static String amount(JsonNode side, String figure) {
        return number(figure.equals("millis") ? "%.1f" : "%.0f", side, figure);
    }

    private static void costs(Table table, String name, JsonNode side) {
        table.row(
                name,
                side.path("name").asText(),
                number("%.1f", side, "cpuMicros"),
                number("%.1f", side, "serverCpuMicros"),
                number("%.0f", side, "allocatedBytes"),
                number("%.0f", side, "p50Micros"),
                number("%.0f", side, "p99Micros"));
    }

    private static String number(String format, JsonNode from, String name) {
        return String.format(Locale.ROOT, format, from.path(name).asDouble());
    }

    /** A server JVM and how a client reaches it. */
    private record Server(ChildJvm jvm, ObjectNode address) {
        static Server of(ChildJvm jvm, String connectionString, int bodyBytes) throws InterruptedException {
            JsonNode facts = jvm.ask(request("facts"), FORKS_WITHIN);
            return new Server(
                    jvm,
                    Json.object()
                            .put("connectionString", connectionString)
                            .put("port", facts.path("port").asInt())
                            .put("caFile", facts.path("caFile").asText())
                            .put("bodyBytes", bodyBytes));
        }

        /** One round of load, with what it cost the server; fails when the server took in less than it acknowledged. */
        Sample load(ChildJvm client, ObjectNode request, Duration within) throws InterruptedException {
            JsonNode before = jvm.ask(request("usage"), FORKS_WITHIN);
            ObjectNode full = request.deepCopy();
            full.setAll(address);
            Sample sample = Sample.of(client.ask(full, within));
            JsonNode after = jvm.ask(request("usage"), FORKS_WITHIN);
            double messages = sample.get("messages");
            double taken = after.path("taken").asLong() - before.path("taken").asLong();
            if (sample.values().containsKey("perSecond") && taken < messages) {
                throw new IllegalStateException("the server acknowledged " + messages + " messages and has " + taken);
            }
            double cpu =
                    after.path("cpuNanos").asDouble() - before.path("cpuNanos").asDouble();
            return sample.with("serverCpuMicros", cpu / 1e3 / messages);
        }
    }
}
