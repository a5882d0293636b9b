package io.hubwire.cli.bench;

import io.hubwire.cli.context.CliContext;
import io.hubwire.cli.context.CommandFamily;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The family of benchmarks. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measure clients and hub against their peers, on this machine, loopback only.")
public final class BenchCommand extends CommandFamily {
    private BenchCommand() {}

    /** This family with its members. */
    public static CommandLine with(CliContext context) {
        return new CommandLine(new BenchCommand())
                .addSubcommand(new DeviceBench(context))
                .addSubcommand(new ClientsBench(context))
                .addSubcommand(new EventsBench(context))
                .addSubcommand(new StartBench(context));
    }
}
