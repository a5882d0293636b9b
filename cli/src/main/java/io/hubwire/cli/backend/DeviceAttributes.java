package io.hubwire.cli.backend;

import io.hubwire.service.Device;
import io.hubwire.service.IdentityStatus;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a device may be given. */
final class DeviceAttributes {
    @Mixin
    private final AuthenticationChoice authentication = new AuthenticationChoice();

    @Option(names = "--edge", description = "An IoT Edge device; cannot be taken back.")
    private boolean edge;

    @Option(names = "--status", paramLabel = "enabled|disabled", description = "Default enabled.")
    private @Nullable IdentityStatus status;

    @Option(names = "--status-reason", paramLabel = "TEXT", description = "Why; up to 128 characters.")
    private @Nullable String reason;

    Device applyTo(Device.Builder device) {
        authentication.chosen().ifPresent(device::authentication);
        if (edge) {
            device.edge(true);
        }
        if (status != null && reason != null) {
            device.status(status, reason);
        } else if (status != null) {
            device.status(status);
        }
        return device.build();
    }
}
