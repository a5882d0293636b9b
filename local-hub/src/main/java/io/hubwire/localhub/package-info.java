/**
 * The local hub: HiveMQ CE embedded, with the behaviour of IoT Hub and DPS. {@code engine} is the hub itself and knows no
 * network; {@code mqtt}, {@code https} and {@code amqp} translate their protocol into calls on it; {@code broker} holds
 * every name internal to HiveMQ.
 */
@NullMarked
package io.hubwire.localhub;

import org.jspecify.annotations.NullMarked;
