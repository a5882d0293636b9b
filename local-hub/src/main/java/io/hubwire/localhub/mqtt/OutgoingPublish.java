package io.hubwire.localhub.mqtt;

/**
 * A PUBLISH to a client; never retained.
 *
 * @param payload not to be changed by anyone
 * @param qos 0 or 1
 * @param packetId 1 to 65535 at QoS 1, else 0
 * @param duplicate whether it was sent before
 */
public record OutgoingPublish(String topic, byte[] payload, int qos, int packetId, boolean duplicate) {
    /** At most once. */
    static OutgoingPublish qos0(String topic, byte[] payload) {
        return new OutgoingPublish(topic, payload, 0, 0, false);
    }
}
