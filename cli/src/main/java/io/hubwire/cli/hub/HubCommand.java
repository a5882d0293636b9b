package io.hubwire.cli.hub;

import io.hubwire.cli.context.CliContext;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The family of commands around a local hub. */
@Command(name = "hub", mixinStandardHelpOptions = true, description = "Start, show, stop and empty a local hub.")
public final class HubCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** This family with its members. */
    public static CommandLine with(CliContext context) {
        return new CommandLine(new HubCommand())
                .addSubcommand(new HubStart(context))
                .addSubcommand(new HubStatus(context))
                .addSubcommand(new HubStop(context))
                .addSubcommand(new HubReset(context));
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
