package io.hubwire.cli;

import io.hubwire.cli.output.ExitCode;
import io.hubwire.cli.output.Failure;
import io.hubwire.cli.output.Format;
import io.hubwire.cli.output.Terminal;
import io.hubwire.protocol.HubwireException;
import java.util.concurrent.CompletionException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The root command: global options, the list of commands, and how failures are told. */
@Command(
        name = "hubwire",
        mixinStandardHelpOptions = true,
        versionProvider = Hubwire.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        header = "Azure IoT Hub and DPS in plain MQTT, HTTPS and AMQP, and a local hub to try it on.",
        footer = {
            "",
            "Start here:  hubwire tour            the five tutorials on an embedded hub, narrated",
            "             hubwire hub start       a local hub; then, in another terminal:",
            "             hubwire monitor         events as they arrive",
            "             hubwire device simulate a wind-speed device",
            "",
            "Exit codes: 0 done, 1 failed, 2 usage, 3 unreachable or timed out, 4 credentials refused,",
            "            5 not found, 6 conflict or precondition failed, 130 interrupted."
        },
        subcommands = {CommandLine.HelpCommand.class})
public final class Hubwire implements Runnable {
    @Mixin
    private final GlobalOptions options = new GlobalOptions();

    private final Surroundings surroundings;

    private Hubwire(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /**
     * Runs one command line.
     *
     * @return the exit code, one of {@link ExitCode}
     */
    public static int run(Surroundings surroundings, String... args) {
        Hubwire root = new Hubwire(surroundings);
        CommandLine line = new CommandLine(root)
                .setOut(surroundings.out())
                .setErr(surroundings.err())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(java.time.Duration.class, new Durations())
                .setExecutionStrategy(parsed -> {
                    System.setProperty(CliLogging.LEVEL_PROPERTY, root.options.level());
                    return new CommandLine.RunLast().execute(parsed);
                })
                .setExecutionExceptionHandler((e, command, parsed) -> root.fail(e));
        Commands.addTo(line);
        return line.execute(args);
    }

    /** No command: show what there is. */
    @Override
    public void run() {
        CommandLine.usage(this, surroundings.out());
    }

    GlobalOptions options() {
        return options;
    }

    Surroundings surroundings() {
        return surroundings;
    }

    Terminal terminal() {
        return new Terminal(surroundings.out(), surroundings.err(), surroundings.interactive());
    }

    private int fail(Exception thrown) {
        Throwable cause = thrown;
        while ((cause instanceof CompletionException || cause instanceof java.util.concurrent.ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        Terminal terminal = terminal();
        if (cause instanceof InterruptedException) {
            return ExitCode.INTERRUPTED.code();
        }
        if (!(cause instanceof HubwireException known)) {
            terminal.note("hubwire: unexpected " + cause + "; this is a defect of hubwire"
                    + (options.trace ? "" : ", --trace shows where"));
            if (options.trace) {
                cause.printStackTrace(surroundings.err());
            }
            return ExitCode.FAILED.code();
        }
        Failure failure = Failure.of(known);
        terminal.note(failure.line());
        if (options.trace) {
            known.printStackTrace(surroundings.err());
        }
        if (options.output == Format.json) {
            terminal.document(failure.json());
        }
        return failure.exit().code();
    }

    /** {@code --version}: ours and the JVM's. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String ours = Hubwire.class.getPackage().getImplementationVersion();
            return new String[] {
                "hubwire " + (ours == null ? "(not packaged)" : ours),
                "Java " + System.getProperty("java.version") + ", " + System.getProperty("os.name") + " "
                        + System.getProperty("os.arch")
            };
        }
    }
}
