package io.hubwire.cli.hub;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.cli.connect.EnvFile;
import io.hubwire.cli.context.CliContext;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.TransportException;
import io.hubwire.service.ServiceClient;
import io.hubwire.service.Statistics;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Asks the hub of the env file how it is. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Show the running local hub: addresses and counts.",
        footer = {"", "Example: hubwire hub status -o json"})
final class HubStatus implements Callable<Integer> {
    private final CliContext context;

    HubStatus(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        EnvFile file = HubStop.running(context);
        String pid = file.get("HUBWIRE_PID").orElse("");
        if (HubStop.process(pid).isEmpty()) {
            throw new TransportException(
                    ErrorCode.UNREACHABLE,
                    "the hub with pid " + pid + " is gone and left its env file [" + file.path() + "]");
        }
        try (ServiceClient service = context.clients().service(context.targets().hub("local"))) {
            Statistics.Devices devices = service.statistics().blocking().devices();
            long connected = service.statistics().blocking().connectedDevices();
            ObjectNode status = HubStart.json(file.values());
            status.putObject("counts")
                    .put("devices", devices.total())
                    .put("enabled", devices.enabled())
                    .put("disabled", devices.disabled())
                    .put("connected", connected);
            context.answer(status, () -> {
                file.values().forEach((name, value) -> context.terminal().line(String.format("%-34s%s", name, value)));
                context.terminal()
                        .line(String.format(
                                "%-34s%d, %d disabled, %d connected",
                                "devices", devices.total(), devices.disabled(), connected));
            });
            return 0;
        }
    }
}
