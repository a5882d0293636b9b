/**
 * The language of IoT Hub and DPS as values: identities, messages, topics, bodies, error codes. Every sentence of the
 * wire is written once, with {@code format} and {@code parse} side by side; client and local hub stand at opposite ends
 * of the same code. Pure: no I/O, no threads, no clock.
 */
@NullMarked
package io.hubwire.protocol;

import org.jspecify.annotations.NullMarked;
