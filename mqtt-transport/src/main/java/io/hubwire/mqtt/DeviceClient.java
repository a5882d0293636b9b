package io.hubwire.mqtt;

import io.hubwire.auth.ConnectionString;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.mqtt.DeviceboundTopic;
import java.util.concurrent.CompletableFuture;

/**
 * A device of an IoT Hub, over MQTT.
 *
 * <pre>{@code
 * try (DeviceClient device = DeviceClient.of(ConnectionString.parse(text), ClientOptions.builder().build())) {
 *     device.onMethod("blink", request -> MethodResponse.ok("{\"blinked\":3}"));
 *     device.connect().join();
 *     device.send(Message.of("{\"windSpeed\":12}")).join();
 * }
 * }</pre>
 */
public final class DeviceClient extends IotHubClient {
    private DeviceClient(Identity identity, HubClient hub) {
        super(identity, hub);
    }

    /**
     * A client for the device that the connection string names, with the key or token in it. Nothing is sent before {@link
     * #connect}.
     *
     * @throws InvalidInputException when it names no device, or a module, or a certificate (which is handed over apart)
     */
    public static DeviceClient of(ConnectionString connection, ClientOptions options) {
        return of(HubAddress.of(connection), device(connection), ClientCredentials.of(connection), options);
    }

    /**
     * A client for a device with credentials of any kind: certificates, tokens from elsewhere, more than one key.
     *
     * @throws InvalidInputException when the identity is a module
     */
    public static DeviceClient of(
            HubAddress address, Identity device, ClientCredentials credentials, ClientOptions options) {
        if (device.isModule()) {
            throw new InvalidInputException("[" + device + "] is a module; ModuleClient is for those");
        }
        return new DeviceClient(device, HubClients.create(address, device, credentials, options));
    }

    private static Identity device(ConnectionString connection) {
        return connection
                .identity()
                .filter(i -> !i.isModule())
                .orElseThrow(() -> new InvalidInputException("connection string [" + connection
                        + "] names no device; wanted is HostName=…;DeviceId=…;SharedAccessKey=…"));
    }

    /**
     * Sets the handler of cloud-to-device messages.
     *
     * @return completes when the hub has granted the subscription, which may be after {@link #connect}
     */
    public CompletableFuture<Void> onMessage(MessageHandler handler) {
        return onMessageAsync(handler.async());
    }

    /** As {@link #onMessage}, with a handler that ends later. */
    public CompletableFuture<Void> onMessageAsync(AsyncMessageHandler handler) {
        return hub.handOver(hub.onMessage(DeviceboundTopic.filter(identity()), handler));
    }
}
