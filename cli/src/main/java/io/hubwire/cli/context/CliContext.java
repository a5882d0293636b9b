package io.hubwire.cli.context;

import com.fasterxml.jackson.databind.JsonNode;
import io.hubwire.cli.connect.Endpoints;
import io.hubwire.cli.connect.Settings;
import io.hubwire.cli.connect.Targets;
import io.hubwire.cli.output.Format;
import io.hubwire.cli.output.Terminal;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.TransportException;
import io.hubwire.protocol.trace.WireTrace;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One run of the command line, as its commands see it. Made once, before parsing; options are read when asked for. */
public final class CliContext {
    private static final int MAX_INPUT = 64 * 1024 * 1024;

    private final Surroundings surroundings;
    private final GlobalOptions options;
    private final Terminal terminal;
    private final Clock clock;
    private @Nullable Targets targets;

    public CliContext(Surroundings surroundings, GlobalOptions options, Clock clock) {
        this.surroundings = surroundings;
        this.options = options;
        this.clock = clock;
        this.terminal = new Terminal(surroundings.out(), surroundings.err(), surroundings.columns());
    }

    public Terminal terminal() {
        return terminal;
    }

    public Clock clock() {
        return clock;
    }

    public Map<String, String> environment() {
        return surroundings.environment();
    }

    public Path userHome() {
        return surroundings.userHome();
    }

    /** Whether {@code -o json} was asked for. */
    public boolean json() {
        return options.output == Format.json;
    }

    /** Prints the answer as a document or as text. */
    public void answer(JsonNode document, Runnable asText) {
        if (json()) {
            terminal.document(document);
        } else {
            asText.run();
        }
    }

    public boolean tracing() {
        return options.trace;
    }

    /** Prints packets and requests when {@code --trace} was given. */
    public WireTrace trace() {
        if (!options.trace) {
            return WireTrace.NONE;
        }
        return event -> terminal.note(String.format(
                "%s %-5s %s  %s",
                event.direction() == WireTrace.Direction.OUT ? "->" : "<-",
                event.protocol(),
                event.kind(),
                event.summary()));
    }

    public synchronized Targets targets() {
        if (targets == null) {
            targets = new Targets(new Settings(surroundings.environment(), surroundings.userHome()), overrides());
        }
        return targets;
    }

    /** Ports and CA as given on the command line. */
    public Endpoints.Overrides overrides() {
        return new Endpoints.Overrides(options.mqttPort, options.httpsPort, options.amqpPort, options.caFile);
    }

    public Clients clients() {
        return new Clients(this);
    }

    /** The hub that {@code --hub}, the environment or the env file names. */
    public Targets.HubTarget hub() {
        return targets().hub(options.hub);
    }

    /** What {@code --hub} says; null when it was not given. */
    public @Nullable String hubOption() {
        return options.hub;
    }

    /** What {@code --dps} says; null when it was not given. */
    public @Nullable String dpsOption() {
        return options.dps;
    }

    /**
     * An argument's bytes, or standard input when it is {@code -}.
     *
     * @throws TransportException when standard input cannot be read or has more than 64 MiB
     */
    public byte[] argumentOrInput(String argument) {
        if (!argument.equals("-")) {
            return argument.getBytes(StandardCharsets.UTF_8);
        }
        try {
            byte[] bytes = surroundings.in().readNBytes(MAX_INPUT + 1);
            if (bytes.length > MAX_INPUT) {
                throw new TransportException(ErrorCode.TOO_LARGE, "standard input has more than 64 MiB");
            }
            return bytes;
        } catch (IOException e) {
            throw new TransportException(ErrorCode.STORAGE_FAILED, "standard input cannot be read", e);
        }
    }

    /** As {@link #argumentOrInput}, in UTF-8. */
    public String argumentText(String argument) {
        return new String(argumentOrInput(argument), StandardCharsets.UTF_8);
    }

    /** Standard input, for commands that read lines as they come. */
    public InputStream input() {
        return surroundings.in();
    }
}
