package io.hubwire.mqtt;

import io.hubwire.protocol.Message;
import org.jspecify.annotations.Nullable;

/**
 * A message that the client takes out of the hub's queue although it was not handled: its handler failed too often, or its
 * properties cannot be read.
 *
 * @param topic as it came
 * @param body as it came; not copied
 * @param message as read; null when it could not be
 * @param cause the last failure
 */
public record DeadLetter(
        String topic, byte[] body, @Nullable Message message, Throwable cause) {}
