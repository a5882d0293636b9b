package io.hubwire.mqtt.link;

/** Makes connections; the only thing the client knows of the MQTT library below. */
@FunctionalInterface
public interface LinkFactory {
    /** A connection that waits for {@link MqttLink#open}. */
    MqttLink create(LinkSettings settings, LinkListener listener);
}
