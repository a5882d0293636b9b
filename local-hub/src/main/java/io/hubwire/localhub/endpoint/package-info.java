/**
 * What the ways into the hub (MQTT, HTTPS, AMQP) have in common: how one is started and stopped, what it starts from,
 * and what is known of a connection before its first byte of MQTT.
 */
@NullMarked
package io.hubwire.localhub.endpoint;

import org.jspecify.annotations.NullMarked;
