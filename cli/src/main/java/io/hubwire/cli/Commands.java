package io.hubwire.cli;

import io.hubwire.cli.backend.C2dCommand;
import io.hubwire.cli.backend.FilesCommand;
import io.hubwire.cli.backend.IdentityCommand;
import io.hubwire.cli.backend.MethodCommand;
import io.hubwire.cli.backend.MonitorCommand;
import io.hubwire.cli.backend.TwinCommand;
import io.hubwire.cli.bench.BenchCommand;
import io.hubwire.cli.context.CliContext;
import io.hubwire.cli.device.DeviceCommand;
import io.hubwire.cli.dps.DpsCommand;
import io.hubwire.cli.hub.HubCommand;
import io.hubwire.cli.tour.TourCommand;
import picocli.CommandLine;

/** The list of commands, in the order the help shows them. */
final class Commands {
    private Commands() {}

    static void addTo(CommandLine root, CliContext context) {
        root.addSubcommand(HubCommand.with(context))
                .addSubcommand(new TourCommand(context))
                .addSubcommand(new MonitorCommand(context))
                .addSubcommand(new IdentityCommand(context))
                .addSubcommand(new TwinCommand(context))
                .addSubcommand(new MethodCommand(context))
                .addSubcommand(C2dCommand.with(context))
                .addSubcommand(new FilesCommand(context))
                .addSubcommand(DeviceCommand.with(context))
                .addSubcommand(DpsCommand.with(context))
                .addSubcommand(BenchCommand.with(context));
    }
}
