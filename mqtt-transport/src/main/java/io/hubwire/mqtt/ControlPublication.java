package io.hubwire.mqtt;

import io.hubwire.mqtt.link.Publication;

/**
 * A twin request or a method answer. At QoS 0, as the hub itself answers: what counts is the reply, and nothing of it may
 * be repeated on another link.
 */
@SuppressWarnings("ArrayRecordComponent") // internal, and the body is handed over rather than copied
record ControlPublication(String topic, byte[] body) implements Publication {
    @Override
    public int qos() {
        return 0;
    }

    @Override
    public int packetId() {
        return 0;
    }

    @Override
    public void packetId(int id) {
        // Paho numbers these too, but the number never travels
    }
}
