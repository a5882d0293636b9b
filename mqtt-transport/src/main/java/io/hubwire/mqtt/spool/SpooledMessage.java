package io.hubwire.mqtt.spool;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A message as it lies in the spool.
 *
 * @param sequence rises with each message of a spool; from 1
 * @param messageId of the message, or null
 * @param expiry the message's own, or null
 * @param topic it goes to
 * @param body not copied
 */
@SuppressWarnings("ArrayRecordComponent") // internal, and the body is handed over rather than copied
public record SpooledMessage(
        long sequence, @Nullable String messageId, @Nullable Instant expiry, String topic, byte[] body) {}
