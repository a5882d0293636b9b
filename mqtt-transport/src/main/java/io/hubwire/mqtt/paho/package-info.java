/**
 * The only package that knows Eclipse Paho. Paho is used for the packet codec, packet ids, the QoS 1 state of one
 * connection and PINGREQ; sockets, time-outs, reconnecting, queues and persistence are ours. Internal to this module.
 */
@NullMarked
package io.hubwire.mqtt.paho;

import org.jspecify.annotations.NullMarked;
