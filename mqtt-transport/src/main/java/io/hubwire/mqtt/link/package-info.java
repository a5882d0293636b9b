/**
 * What lies between the client and the wire: one MQTT connection as the client sees it ({@link
 * io.hubwire.mqtt.link.MqttLink}), and the byte stream below it ({@link io.hubwire.mqtt.link.Wire}) with the one place
 * where whole packets pass and can be watched. Knows nothing of IoT Hub. Internal to this module; not for applications.
 */
@NullMarked
package io.hubwire.mqtt.link;

import org.jspecify.annotations.NullMarked;
