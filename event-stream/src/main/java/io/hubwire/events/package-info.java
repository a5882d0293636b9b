/**
 * The back end's side of IoT Hub over AMQP 1.0: device-to-cloud events of the built-in endpoint, cloud-to-device
 * messages with their outcome, feedback and file notices. Codecs and state machines are pure; what moves bytes is one
 * thread per connection that owns a protonj2 engine and a JDK socket, and every wait has an end.
 *
 * <p>Source: "Communicate with your IoT hub by using the AMQP Protocol"; "Read device-to-cloud messages from the built-in
 * endpoint".
 */
@NullMarked
package io.hubwire.events;

import org.jspecify.annotations.NullMarked;
