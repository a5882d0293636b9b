package io.hubwire.mqtt.link;

/**
 * The last will of CONNECT. Source: MQTT 3.1.1 section 3.1.2.5.
 *
 * @param topic without wildcards
 * @param body not copied
 * @param qos 0 or 1
 */
@SuppressWarnings("ArrayRecordComponent") // internal, and the body is handed over rather than copied
public record Will(String topic, byte[] body, int qos) {}
