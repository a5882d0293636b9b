/**
 * The hub over MQTT 3.1.1: who may connect, what a PUBLISH or SUBSCRIBE means, what is delivered and when. Knows packets
 * as values and a connection as a {@link io.hubwire.localhub.mqtt.Link}; the broker that owns the sockets is behind it.
 *
 * <p>Threads: a conversation's packets arrive one after another; what the engine wants of it comes from any thread.
 * Source: mqtt-device.
 */
@NullMarked
package io.hubwire.localhub.mqtt;

import org.jspecify.annotations.NullMarked;
