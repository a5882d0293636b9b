package io.hubwire.mqtt.link;

import java.util.List;

/** Hears what happens on one {@link MqttLink}. Called on the link's threads: must not block, must not throw. */
public interface LinkListener {
    /** CONNACK 0. Comes before any other call. */
    void up(boolean sessionPresent);

    /**
     * SUBACK.
     *
     * @param granted one for each filter, in order: 0 or 1, or 0x80 for a filter the peer refused
     */
    void subscribed(List<String> filters, List<Integer> granted);

    /** PUBACK for QoS 1; written to the network for QoS 0. */
    void delivered(Publication publication);

    /** A PUBLISH from the peer. At QoS 1 it waits for {@link MqttLink#acknowledge}. */
    void received(Inbound message);

    /** The end. Comes exactly once, and nothing comes after it. */
    void down(LinkEnd end);
}
