package io.hubwire.cli.device;

import io.hubwire.cli.connect.Targets.DeviceTarget;
import io.hubwire.cli.context.CliContext;
import io.hubwire.mqtt.ClientOptions;
import io.hubwire.mqtt.DeviceClient;
import io.hubwire.mqtt.IotHubClient;
import io.hubwire.mqtt.ModuleClient;
import io.hubwire.mqtt.Transport;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.InvalidInputException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The device a command speaks for, and how it connects. */
final class WhichDevice {
    @Option(
            names = {"-d", "--device"},
            paramLabel = "DEVICE",
            description = "A device of the hub; its key is looked up in the registry.")
    @Nullable
    String device;

    @Option(
            names = "--device-connection-string",
            paramLabel = "CONNSTR",
            description = "Else -d, else IOTHUB_DEVICE_CONNECTION_STRING, else the local hub's device1.")
    @Nullable
    String connection;

    @Option(names = "--product-info", paramLabel = "TEXT", description = "Sent with the user name, for statistics.")
    @Nullable
    String productInfo;

    @Option(names = "--model-id", paramLabel = "DTMI", description = "Plug and Play model of the device.")
    @Nullable
    String modelId;

    @Option(
            names = "--message-timeout",
            paramLabel = "D",
            description = "Until a message that is not acknowledged counts as failed. Default 60s.")
    @Nullable
    Duration messageTimeout;

    DeviceTarget target(CliContext context) {
        return target(context, null);
    }

    /** @param module of the device, or null for the device itself or whatever its connection string names */
    DeviceTarget target(CliContext context, @Nullable String module) {
        if (module != null && device == null) {
            throw new InvalidInputException(
                    "-m [" + module + "] needs -d; a module's connection string names it by itself");
        }
        return context.clients().device(connection, device, module);
    }

    /** A device's client that is not connected yet, so that handlers can be set first. */
    DeviceClient open(CliContext context) {
        DeviceTarget target = target(context);
        return DeviceClient.of(target.connection(), options(context, target).build());
    }

    /** As {@link #open(CliContext)}, for a device or a module, by either way of MQTT. */
    IotHubClient open(CliContext context, @Nullable String module, Transport transport) {
        DeviceTarget target = target(context, module);
        ClientOptions.Builder options = options(context, target).transport(transport);
        if (transport == Transport.WEB_SOCKET) {
            options.port(target.endpoints().httpsPort());
        }
        boolean ofModule =
                target.connection().identity().filter(Identity::isModule).isPresent();
        return ofModule
                ? ModuleClient.of(target.connection(), options.build())
                : DeviceClient.of(target.connection(), options.build());
    }

    private ClientOptions.Builder options(CliContext context, DeviceTarget target) {
        ClientOptions.Builder options = context.clients().deviceOptions(target);
        options.productInfo(productInfo).modelId(modelId);
        if (messageTimeout != null) {
            options.messageTimeout(messageTimeout);
        }
        return options;
    }
}
