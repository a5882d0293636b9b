package io.hubwire.cli.backend;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.cli.context.CliContext;
import io.hubwire.cli.output.ExitCode;
import io.hubwire.cli.output.MessageJson;
import io.hubwire.devicehttp.HttpDeviceClient;
import io.hubwire.devicehttp.LockedMessage;
import io.hubwire.devicehttp.Settlement;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.json.Json;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What waits for a device, taken from its queue in its place. */
@Command(
        name = "receive",
        mixinStandardHelpOptions = true,
        description = "Receive what waits for a device, over device HTTPS with its key, and settle it.",
        footer = {
            "",
            "Does not wait: with an empty queue it prints nothing and exits with 0.",
            "Example: hubwire c2d receive device1 --reject --count 50"
        })
final class C2dReceive implements Callable<Integer> {
    private final CliContext context;

    @Parameters(paramLabel = "DEVICE")
    private String device = "";

    @Option(names = "--count", paramLabel = "N", defaultValue = "1", description = "At most so many. Default 1.")
    private int count = 1;

    @ArgGroup
    private @Nullable How how;

    /** At most one of the three. */
    static final class How {
        @Option(names = "--complete", description = "Done with it. The default.")
        boolean complete;

        @Option(names = "--abandon", description = "Give it back; it comes again, and is counted.")
        boolean abandon;

        @Option(names = "--reject", description = "Refuse it for good.")
        boolean reject;
    }

    C2dReceive(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (count < 1) {
            throw new InvalidInputException("--count [" + count + "] must be at least 1");
        }
        Settlement settlement = settlement();
        try (HttpDeviceClient client =
                context.clients().deviceOverHttp(context.clients().device(null, device, null))) {
            for (int i = 0; i < count; i++) {
                Optional<LockedMessage> next = client.blocking().receive();
                if (next.isEmpty()) {
                    if (i == 0) {
                        context.terminal().note("hubwire: nothing waits for " + device);
                    }
                    break;
                }
                client.blocking().settle(next.get().lockToken(), settlement);
                print(next.get(), settlement);
            }
            return ExitCode.DONE.code();
        }
    }

    private Settlement settlement() {
        How given = how;
        if (given != null && given.abandon) {
            return Settlement.ABANDON;
        }
        return given != null && given.reject ? Settlement.REJECT : Settlement.COMPLETE;
    }

    private void print(LockedMessage received, Settlement settlement) {
        String settled = settlement.name().toLowerCase(Locale.ROOT);
        if (context.json()) {
            ObjectNode line = Json.object()
                    .put("settlement", settled)
                    .put("lockToken", received.lockToken())
                    .put("sequenceNumber", received.sequenceNumber())
                    .put("deliveryCount", received.deliveryCount())
                    .put(
                            "enqueuedTime",
                            received.enqueued().map(Instant::toString).orElse(null));
            MessageJson.addTo(line, received.message());
            context.terminal().jsonLine(line);
        } else {
            String properties = MessageJson.propertiesText(received.message());
            context.terminal()
                    .line(settled + "  " + MessageJson.bodyText(received.message())
                            + (properties.isEmpty() ? "" : "  " + properties));
        }
    }
}
