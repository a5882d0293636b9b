package io.hubwire.cli.backend;

import io.hubwire.cli.context.CliContext;
import io.hubwire.protocol.json.Json;
import io.hubwire.service.ServiceClient;
import io.hubwire.service.Statistics;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** How many devices a hub has. */
@Command(
        name = "statistics",
        mixinStandardHelpOptions = true,
        description = "Count the hub's devices: all, enabled, disabled, connected.",
        footer = {"", "Example: hubwire statistics -o json"})
public final class StatisticsCommand implements Callable<Integer> {
    private final CliContext context;

    public StatisticsCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        try (ServiceClient service = context.clients().service()) {
            Statistics.Devices devices = service.statistics().blocking().devices();
            long connected = service.statistics().blocking().connectedDevices();
            context.answer(
                    Json.object()
                            .put("totalDeviceCount", devices.total())
                            .put("enabledDeviceCount", devices.enabled())
                            .put("disabledDeviceCount", devices.disabled())
                            .put("connectedDeviceCount", connected),
                    () -> context.terminal()
                            .line(devices.total() + " devices, " + devices.enabled() + " enabled, " + devices.disabled()
                                    + " disabled, " + connected + " connected"));
            return 0;
        }
    }
}
