package io.hubwire.mqtt;

import io.hubwire.auth.ConnectionString;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.SystemProperty;
import io.hubwire.protocol.mqtt.DeviceboundTopic;
import io.hubwire.protocol.mqtt.ModuleInputTopic;
import java.util.concurrent.CompletableFuture;

/**
 * A module of a device, over MQTT: at a hub, or at an IoT Edge hub when the connection string has a {@code
 * GatewayHostName}. Modules have outputs and inputs, between which an Edge hub routes; towards a plain hub an output's name
 * is a property like any other, and nothing ever comes to an input.
 *
 * <p>Calling methods of other modules or devices through an Edge hub is not offered: that goes over HTTPS and the workload
 * API. Source: mqtt-device 2.5, 3.3 and 8.
 */
public final class ModuleClient extends IotHubClient {
    private ModuleClient(Identity identity, HubClient hub) {
        super(identity, hub);
    }

    /**
     * A client for the module that the connection string names, with the key or token in it. Nothing is sent before {@link
     * #connect}.
     *
     * @throws InvalidInputException when it names no module, or a certificate (which is handed over apart)
     */
    public static ModuleClient of(ConnectionString connection, ClientOptions options) {
        return of(HubAddress.of(connection), module(connection), ClientCredentials.of(connection), options);
    }

    /**
     * A client for a module with credentials of any kind.
     *
     * @throws InvalidInputException when the identity is a device
     */
    public static ModuleClient of(
            HubAddress address, Identity module, ClientCredentials credentials, ClientOptions options) {
        if (!module.isModule()) {
            throw new InvalidInputException("[" + module + "] is a device; DeviceClient is for those");
        }
        return new ModuleClient(module, HubClients.create(address, module, credentials, options));
    }

    private static Identity module(ConnectionString connection) {
        return connection
                .identity()
                .filter(Identity::isModule)
                .orElseThrow(() -> new InvalidInputException("connection string [" + connection
                        + "] names no module; wanted is HostName=…;DeviceId=…;ModuleId=…;SharedAccessKey=…"));
    }

    /**
     * Sends to an output. See {@link #send(Message)}.
     *
     * @param output not empty
     */
    public CompletableFuture<SendResult> send(String output, Message message) {
        if (output.isEmpty()) {
            throw new InvalidInputException("output name [] is empty; it must have at least one character");
        }
        return send(
                message.toBuilder().system(SystemProperty.OUTPUT_NAME, output).build());
    }

    /**
     * Sets the handler of messages that come to one input.
     *
     * @return completes when the hub has granted the subscription, which may be after {@link #connect}
     */
    public CompletableFuture<Void> onInput(String input, MessageHandler handler) {
        return onInputAsync(input, handler.async());
    }

    /** As {@link #onInput}, with a handler that ends later. */
    public CompletableFuture<Void> onInputAsync(String input, AsyncMessageHandler handler) {
        return hub.handOver(hub.onInput(ModuleInputTopic.filter(identity()), input, handler));
    }

    /** Sets the handler of messages to inputs that have none of their own; {@link ReceivedMessage#input} tells which. */
    public CompletableFuture<Void> onAnyInput(MessageHandler handler) {
        return hub.handOver(hub.onInput(ModuleInputTopic.filter(identity()), null, handler.async()));
    }

    /**
     * Sets the handler of cloud-to-device messages. Hubs deliver them to modules, although their documentation does not
     * say so; Edge hubs do not.
     */
    public CompletableFuture<Void> onMessage(MessageHandler handler) {
        return hub.handOver(hub.onMessage(DeviceboundTopic.filter(identity()), handler.async()));
    }
}
