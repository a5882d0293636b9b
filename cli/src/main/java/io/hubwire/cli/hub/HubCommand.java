package io.hubwire.cli.hub;

import io.hubwire.cli.context.CliContext;
import io.hubwire.cli.context.CommandFamily;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The family of commands around a local hub. */
@Command(name = "hub", mixinStandardHelpOptions = true, description = "Start, show, stop and empty a local hub.")
public final class HubCommand extends CommandFamily {
    /** This family with its members. */
    public static CommandLine with(CliContext context) {
        return new CommandLine(new HubCommand())
                .addSubcommand(new HubStart(context))
                .addSubcommand(new HubStatus(context))
                .addSubcommand(new HubStop(context))
                .addSubcommand(new HubReset(context));
    }
}
