package io.hubwire.cli.backend;

import io.hubwire.cli.context.CliContext;
import io.hubwire.cli.output.EventJson;
import io.hubwire.cli.output.ExitCode;
import io.hubwire.cli.output.MessageJson;
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
            "Example: hubwire monitor -d device1 --from earliest --count 5 -o json"
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
            names = {"-p", "--property"},
            paramLabel = "K=V",
            description = "Only events with this application property; repeatable, all must match.")
    private Map<String, String> properties = Map.of();

    @Option(names = "--consumer-group", paramLabel = "NAME", description = "Default $Default.")
    private @Nullable String consumerGroup;

    @Option(
            names = "--from",
            paramLabel = "earliest|latest|TIME",
            defaultValue = "latest",
            description = "Where to start; TIME as 2026-01-31T12:00:00Z. Default latest.")
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
        int seen = 0;
        try (EventStream stream = EventStream.open(options)) {
            if (!context.json()) {
                context.terminal().note("reading " + stream.partitions().size() + " partitions; Ctrl-C ends it");
            }
            while ((count == null || seen < count) && context.clock().instant().isBefore(end)) {
                Optional<Event> event = stream.next(GLANCE);
                if (event.isPresent() && wanted(event.get())) {
                    print(event.get());
                    seen++;
                }
            }
        }
        return count != null && seen < count ? ExitCode.UNREACHABLE.code() : ExitCode.DONE.code();
    }

    private boolean wanted(Event event) {
        boolean ofThese = devices.isEmpty()
                || event.source().filter(s -> devices.contains(s.deviceId())).isPresent();
        return ofThese
                && properties.entrySet().stream().allMatch(p -> p.getValue()
                        .equals(event.message().properties().get(p.getKey())));
    }

    private void print(Event event) {
        if (context.json()) {
            context.terminal().jsonLine(EventJson.of(event));
            return;
        }
        String source = event.source().map(Object::toString).orElse("(no device)");
        StringBuilder line = new StringBuilder()
                .append(event.enqueuedTime())
                .append("  ")
                .append(source)
                .append("  [")
                .append(event.partition())
                .append('/')
                .append(event.sequenceNumber())
                .append("]  ")
                .append(MessageJson.bodyText(event.message()));
        event.message().system().forEach((name, value) -> {
            if (name != io.hubwire.protocol.SystemProperty.CONNECTION_DEVICE_ID
                    && name != io.hubwire.protocol.SystemProperty.CONNECTION_MODULE_ID) {
                line.append("  ").append(name.eventName()).append('=').append(value);
            }
        });
        String own = MessageJson.propertiesText(event.message());
        if (!own.isEmpty()) {
            line.append("  {").append(own).append('}');
        }
        context.terminal().line(line.toString());
    }

    private static StartPosition start(String from) {
        if (from.equalsIgnoreCase("earliest")) {
            return StartPosition.earliest();
        }
        if (from.equalsIgnoreCase("latest")) {
            return StartPosition.latest();
        }
        try {
            return StartPosition.after(Instant.parse(from));
        } catch (DateTimeParseException e) {
            throw new InvalidInputException(
                    "--from [" + from + "] is neither earliest nor latest nor a time such as"
                            + " 2026-01-31T12:00:00Z (position " + (e.getErrorIndex() + 1) + ")",
                    e);
        }
    }
}
