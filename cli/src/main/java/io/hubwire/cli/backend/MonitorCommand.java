package io.hubwire.cli.backend;

import io.hubwire.cli.context.CliContext;
import io.hubwire.cli.context.Durations;
import io.hubwire.cli.output.EventJson;
import io.hubwire.cli.output.ExitCode;
import io.hubwire.events.Event;
import io.hubwire.events.EventStream;
import io.hubwire.events.EventStreamOptions;
import io.hubwire.events.StartPosition;
import io.hubwire.protocol.DeviceId;
import io.hubwire.protocol.InvalidInputException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Events as they arrive. */
@Command(
        name = "monitor",
        mixinStandardHelpOptions = true,
        description = "Print device-to-cloud events as they arrive.",
        footer = {
            "",
            "Ends after the N-th event (exit 0), or at the time-out: exit 3 when --count is unmet, else 0.",
            "A table with a running total on a terminal, a line an event when piped, a document a line with -o json.",
            "Example: hubwire monitor -d device1 -d device2 --where alert=true",
            "Example: hubwire monitor --from 10m --count 5 --timeout 30s -o json"
        })
public final class MonitorCommand implements Callable<Integer> {
    private static final Duration GLANCE = Duration.ofSeconds(1);

    private final CliContext context;

    @Option(
            names = {"-d", "--device"},
            paramLabel = "DEVICE",
            description = "Only events of this device; repeatable. Default all.")
    private List<String> devices = new ArrayList<>();

    @Option(
            names = {"-p", "--property", "--where"},
            paramLabel = "K=V",
            description = "Only events with this application property; repeatable, all must match.")
    private Map<String, String> properties = Map.of();

    @Option(names = "--consumer-group", paramLabel = "NAME", description = "Default $Default.")
    private @Nullable String consumerGroup;

    @Option(
            names = "--from",
            paramLabel = "earliest|latest|TIME|D",
            defaultValue = "latest",
            description = "Where to start; TIME as 2026-01-31T12:00:00Z, D so long ago. Default latest.")
    private String from = "latest";

    @Option(names = "--count", paramLabel = "N", description = "End after so many events.")
    private @Nullable Integer count;

    @Option(names = "--timeout", paramLabel = "D", description = "End after this time.")
    private @Nullable Duration timeout;

    public MonitorCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        devices.forEach(DeviceId::new); // a misspelled id is told now, not by silence
        EventStreamOptions options = context.clients().events(context.hub()).from(start(from));
        if (consumerGroup != null) {
            options = options.consumerGroup(consumerGroup);
        }
        Instant end = timeout == null ? Instant.MAX : context.clock().instant().plus(timeout);
        try (EventStream stream = EventStream.open(options);
                EventView view = view(stream)) {
            int seen = 0;
            while ((count == null || seen < count)
                    && context.clock().instant().isBefore(end)
                    && !context.terminal().readerGone()) {
                Optional<Event> event = stream.next(glance(end));
                if (event.isPresent() && wanted(event.get())) {
                    view.show(event.get());
                    seen++;
                }
                view.tick();
            }
            return count != null && seen < count ? ExitCode.UNREACHABLE.code() : ExitCode.DONE.code();
        }
    }

    private EventView view(EventStream stream) {
        if (context.json()) {
            return event -> context.terminal().jsonLine(EventJson.of(event));
        }
        if (context.terminal().interactive()) {
            return new EventTable(context.terminal(), context.clock());
        }
        context.terminal().note("reading " + stream.partitions().size() + " partitions; Ctrl-C ends it");
        return event -> context.terminal().line(EventText.line(event));
    }

    private Duration glance(Instant end) {
        Duration left = end.equals(Instant.MAX)
                ? GLANCE
                : Duration.between(context.clock().instant(), end);
        return left.isNegative() ? Duration.ZERO : left.compareTo(GLANCE) < 0 ? left : GLANCE;
    }

    private boolean wanted(Event event) {
        boolean ofThese = devices.isEmpty()
                || event.source().filter(s -> devices.contains(s.deviceId())).isPresent();
        return ofThese
                && properties.entrySet().stream().allMatch(p -> p.getValue()
                        .equals(event.message().properties().get(p.getKey())));
    }

    private StartPosition start(String from) {
        if (from.equalsIgnoreCase("earliest")) {
            return StartPosition.earliest();
        }
        if (from.equalsIgnoreCase("latest")) {
            return StartPosition.latest();
        }
        if (Durations.isDuration(from)) {
            return StartPosition.after(context.clock().instant().minus(new Durations().convert(from)));
        }
        try {
            return StartPosition.after(Instant.parse(from));
        } catch (DateTimeParseException e) {
            throw new InvalidInputException(
                    "--from [" + from + "] is neither earliest nor latest, nor a time such as 2026-01-31T12:00:00Z,"
                            + " nor so long ago such as 5m (position " + (e.getErrorIndex() + 1) + ")",
                    e);
        }
    }
}
