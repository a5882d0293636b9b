package io.hubwire.mqtt;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A message that the hub has acknowledged. That says it is stored, not that it was routed or read.
 *
 * @param messageId as given by the sender; null when the message had none
 * @param duration from {@code send} to the acknowledgement, waiting in the queue included
 */
public record SendResult(@Nullable String messageId, Duration duration) {}
