/**
 * Devices and modules over MQTT 3.1.1: {@link io.hubwire.mqtt.DeviceClient} and what its users meet. Everything public
 * here is asynchronous and safe for any thread. Sources: "Communicate with IoT Hub using the MQTT protocol"; mqtt-device.
 *
 * <h2>How it is built</h2>
 *
 * What decides is pure and driven by events: {@code ConnectionMachine} (the life of the connection), {@code Outbox}
 * (what waits and what is under way), {@code DesiredGate} (which desired properties are news). Around them stand thin
 * drivers which all run in one {@code Serial}: whoever has news (the application, the network, the timer) puts it there
 * and, if nobody else is at it, carries it out at once. So the state needs no locks, and no thread is kept for it. The
 * application's own code runs elsewhere, one piece after another, on the client's callback thread.
 */
@NullMarked
package io.hubwire.mqtt;

import org.jspecify.annotations.NullMarked;
