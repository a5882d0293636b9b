package io.hubwire.cli;

import io.hubwire.cli.backend.C2dCommand;
import io.hubwire.cli.backend.ConfigurationCommand;
import io.hubwire.cli.backend.FilesCommand;
import io.hubwire.cli.backend.IdentityCommand;
import io.hubwire.cli.backend.JobCommand;
import io.hubwire.cli.backend.MethodCommand;
import io.hubwire.cli.backend.ModuleCommand;
import io.hubwire.cli.backend.MonitorCommand;
import io.hubwire.cli.backend.QueryCommand;
import io.hubwire.cli.backend.StatisticsCommand;
import io.hubwire.cli.backend.TwinCommand;
import io.hubwire.cli.bench.BenchCommand;
import io.hubwire.cli.context.CliContext;
import io.hubwire.cli.device.DeviceCommand;
import io.hubwire.cli.dps.DpsCommand;
import io.hubwire.cli.hub.HubCommand;
import io.hubwire.cli.learn.DoctorCommand;
import io.hubwire.cli.learn.ExplainCommand;
import io.hubwire.cli.learn.SasCommand;
import io.hubwire.cli.tour.TourCommand;
import picocli.CommandLine;

/** The list of commands, in the order the help shows them. */
final class Commands {
    private Commands() {}

    static void addTo(CommandLine root, CliContext context) {
        root.addSubcommand(HubCommand.with(context))
                .addSubcommand(new TourCommand(context))
                .addSubcommand(new MonitorCommand(context))
                .addSubcommand(IdentityCommand.with(context))
                .addSubcommand(ModuleCommand.with(context))
                .addSubcommand(new TwinCommand(context))
                .addSubcommand(new QueryCommand(context))
                .addSubcommand(new MethodCommand(context))
                .addSubcommand(C2dCommand.with(context))
                .addSubcommand(new FilesCommand(context))
                .addSubcommand(JobCommand.with(context))
                .addSubcommand(new ConfigurationCommand(context))
                .addSubcommand(new StatisticsCommand(context))
                .addSubcommand(DeviceCommand.with(context))
                .addSubcommand(DpsCommand.with(context))
                .addSubcommand(BenchCommand.with(context))
                .addSubcommand(new ExplainCommand(context))
                .addSubcommand(SasCommand.with(context))
                .addSubcommand(new DoctorCommand(context))
                .addSubcommand(new CompletionCommand(context));
    }
}
