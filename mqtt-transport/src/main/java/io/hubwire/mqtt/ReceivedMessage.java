package io.hubwire.mqtt;

import io.hubwire.protocol.Message;
import org.jspecify.annotations.Nullable;

/**
 * A message from the cloud, or from another module by way of an Edge hub.
 *
 * @param message body and properties
 * @param input the module input it came to; null for a cloud-to-device message
 * @param redelivered whether it may have been handled before: the hub repeats what was not acknowledged
 */
public record ReceivedMessage(Message message, @Nullable String input, boolean redelivered) {}
