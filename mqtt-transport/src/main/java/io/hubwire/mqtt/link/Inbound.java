package io.hubwire.mqtt.link;

/**
 * One PUBLISH that we received.
 *
 * @param topic as on the wire
 * @param body not copied; belongs to the receiver from now on
 * @param qos 0 or 1
 * @param packetId 1 to 65,535 at QoS 1, otherwise 0
 * @param duplicate the DUP flag: an earlier attempt may have been handled
 */
@SuppressWarnings("ArrayRecordComponent") // internal, and the body is handed over rather than copied
public record Inbound(String topic, byte[] body, int qos, int packetId, boolean duplicate) {}
