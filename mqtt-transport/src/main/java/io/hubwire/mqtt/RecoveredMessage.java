package io.hubwire.mqtt;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A message that an earlier run of the program left in the spool.
 *
 * @param messageId as it was given then; null when the message has none
 * @param outcome as the outcome of {@link IotHubClient#send}, but counted from the start of this client
 */
public record RecoveredMessage(@Nullable String messageId, CompletableFuture<SendResult> outcome) {}
