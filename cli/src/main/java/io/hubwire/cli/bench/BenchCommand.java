package io.hubwire.cli.bench;

import io.hubwire.cli.context.CliContext;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The family of benchmarks. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measure clients and hub against their peers, on this machine, loopback only.")
public final class BenchCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    private BenchCommand() {}

    /** This family with its members. */
    public static CommandLine with(CliContext context) {
        return new CommandLine(new BenchCommand())
                .addSubcommand(new DeviceBench(context))
                .addSubcommand(new ClientsBench(context))
                .addSubcommand(new EventsBench(context))
                .addSubcommand(new StartBench(context));
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
