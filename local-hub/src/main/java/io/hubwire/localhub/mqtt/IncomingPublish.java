package io.hubwire.localhub.mqtt;

/**
 * A PUBLISH from a client.
 *
 * @param payload the broker's own bytes, not to be changed
 * @param qos 0 to 2
 * @param duplicate whether the client says that it sent this before
 */
public record IncomingPublish(String topic, byte[] payload, int qos, boolean retain, boolean duplicate) {}
