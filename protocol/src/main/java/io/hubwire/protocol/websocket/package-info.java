/**
 * What a WebSocket client and its server say to each other, as values: the handshake, frames, the reason of a close. How the
 * bytes get there is the transports'. Both MQTT and AMQP come in binary messages whose borders mean nothing. Source:
 * RFC 6455.
 */
@NullMarked
package io.hubwire.protocol.websocket;

import org.jspecify.annotations.NullMarked;
