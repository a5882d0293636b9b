/**
 * The hub's AMQP 1.0 endpoint: reading events, sending cloud-to-device messages, feedback, as back ends and the official
 * SDKs do it. {@link io.hubwire.localhub.amqp.ServerConnection} is bytes in, bytes out on the protonj2 engine and knows no
 * socket; everything of one connection runs on one thread, {@link io.hubwire.localhub.amqp.ConnectionLoop}. Source: amqp 1
 * to 9.
 */
@NullMarked
package io.hubwire.localhub.amqp;

import org.jspecify.annotations.NullMarked;
