package io.hubwire.cli;

import io.hubwire.cli.context.CliContext;
import io.hubwire.cli.context.Durations;
import io.hubwire.cli.context.GlobalOptions;
import io.hubwire.cli.context.Surroundings;
import io.hubwire.cli.output.ExitCode;
import io.hubwire.cli.output.Failure;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The root command: global options, the list of commands, and how failures are told. */
@Command(
        name = "hubwire",
        mixinStandardHelpOptions = true,
        versionProvider = Hubwire.Version.class,
        synopsisSubcommandLabel = "COMMAND",
        header = "Azure IoT Hub and DPS in plain MQTT, HTTPS and AMQP, and a local hub to try it on.",
        footer = {
            "",
            "Start here:  hubwire tour              the five tutorials on an embedded hub, narrated",
            "             hubwire hub start         a local hub; then, in other terminals:",
            "             hubwire monitor           events as they arrive",
            "             hubwire device simulate   a wind-speed device",
            "",
            "Exit codes: 0 done, 1 failed, 2 usage, 3 unreachable or timed out, 4 credentials refused,",
            "            5 not found, 6 conflict or precondition failed, 130 interrupted."
        },
        subcommands = {CommandLine.HelpCommand.class})
public final class Hubwire implements Runnable {
    @Mixin
    private final GlobalOptions options = new GlobalOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final CliContext context;
    private final Surroundings surroundings;

    private Hubwire(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.context = new CliContext(surroundings, options, Clock.systemUTC());
    }

    /**
     * Runs one command line.
     *
     * @return the exit code, one of {@link ExitCode}
     */
    public static int run(Surroundings surroundings, String... args) {
        Hubwire root = new Hubwire(surroundings);
        CommandLine line = new CommandLine(root);
        Commands.addTo(line, root.context);
        line.setUsageHelpWidth(100)
                .setOut(surroundings.out())
                .setErr(surroundings.err())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(Duration.class, new Durations())
                .setExecutionStrategy(parsed -> {
                    System.setProperty(CliLogging.LEVEL_PROPERTY, root.options.level());
                    return new CommandLine.RunLast().execute(parsed);
                })
                .setParameterExceptionHandler((e, given) -> root.misused(e, given))
                .setExecutionExceptionHandler((e, command, parsed) -> root.fail(e));
        return line.execute(args);
    }

    /** No command: show what there is. */
    @Override
    public void run() {
        spec.commandLine().usage(surroundings.out());
    }

    /** One line instead of the whole help, which would push the reason out of sight. */
    private int misused(ParameterException wrong, String... args) {
        CommandLine command = wrong.getCommandLine();
        List<String> similar =
                wrong instanceof UnmatchedArgumentException unmatched ? unmatched.getSuggestions() : List.of();
        String what = String.valueOf(wrong.getMessage()).replaceAll("\\s*\\R\\s*", " ");
        String help = command.getCommandSpec().qualifiedName(" ") + " --help";
        String advice = similar.isEmpty() ? help : "did you mean " + similar.get(0) + "? " + help;
        Failure failure = new Failure(ErrorCode.INVALID_ARGUMENT, ExitCode.USAGE, what, advice, null, null, null);
        context.terminal().note(failure.line());
        if (String.join(" ", args)
                .matches("(?s)(|.* )(-o ?|--output[= ])=?json( .*|)")) { // parsing may not have got there
            context.terminal().document(failure.json());
        }
        return ExitCode.USAGE.code();
    }

    private int fail(Exception thrown) {
        Throwable cause = thrown;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof InterruptedException) {
            return ExitCode.INTERRUPTED.code();
        }
        if (context.tracing()) {
            cause.printStackTrace(surroundings.err());
        }
        if (!(cause instanceof HubwireException known)) {
            context.terminal()
                    .note("hubwire: unexpected " + cause + "; this is a defect of hubwire"
                            + (context.tracing() ? "" : ", --trace shows where"));
            return ExitCode.FAILED.code();
        }
        Failure failure = Failure.of(known);
        context.terminal().note(failure.line());
        if (context.json()) {
            context.terminal().document(failure.json());
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
