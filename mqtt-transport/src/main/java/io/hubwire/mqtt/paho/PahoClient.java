package io.hubwire.mqtt.paho;

import io.hubwire.mqtt.link.LinkSettings;
import java.util.concurrent.ScheduledExecutorService;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttPingSender;
import org.eclipse.paho.client.mqttv3.internal.NetworkModule;

/** Paho's client on our wire: the one method it lets a subclass replace makes the network. */
final class PahoClient extends MqttAsyncClient {
    /** Paho insists on an address; it is never used, since the wire knows where to go. */
    private static final String UNUSED_ADDRESS = "tcp://wire";

    private final NetworkModule network;

    private PahoClient(
            LinkSettings settings, NetworkModule network, MqttPingSender pings, ScheduledExecutorService threads)
            throws MqttException {
        super(UNUSED_ADDRESS, settings.clientId(), new ResendStore(settings.resend()), pings, threads);
        this.network = network;
    }

    static PahoClient create(
            LinkSettings settings, NetworkModule network, MqttPingSender pings, ScheduledExecutorService threads) {
        try {
            return new PahoClient(settings, network, pings, threads);
        } catch (MqttException unreadable) {
            throw new IllegalStateException("publications to be resent are not readable", unreadable);
        }
    }

    @Override
    protected NetworkModule[] createNetworkModules(String address, MqttConnectOptions options) {
        return new NetworkModule[] {network};
    }
}
