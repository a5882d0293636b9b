package io.hubwire.mqtt.paho;

import org.eclipse.paho.client.mqttv3.MqttMessage;

/** A message whose body Paho does not copy; nobody changes it. */
final class BorrowedMessage extends MqttMessage {
    private final byte[] body;

    BorrowedMessage(byte[] body, int qos) {
        this.body = body;
        setQos(qos);
    }

    @Override
    public byte[] getPayload() {
        return body;
    }
}
