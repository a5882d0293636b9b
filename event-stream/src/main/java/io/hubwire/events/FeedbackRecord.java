package io.hubwire.events;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What became of one cloud-to-device message. Source: amqp 7.
 *
 * @param originalMessageId the message's id
 * @param deviceGenerationId tells identities apart that had the same name one after the other
 * @param statusCode {@code Success}, {@code Expired}, {@code DeliveryCountExceeded}, {@code Rejected}, {@code Purged}
 * @param description in words; for the good case the code again
 * @param enqueuedTime when it happened; null when the service wrote something that is no time
 */
public record FeedbackRecord(
        String originalMessageId,
        String deviceId,
        String deviceGenerationId,
        String statusCode,
        String description,
        @Nullable Instant enqueuedTime) {
    /** Whether the device has completed the message. */
    public boolean isSuccess() {
        return statusCode.equalsIgnoreCase("Success");
    }

    /** When it happened; empty when the service wrote something that is no time. */
    public Optional<Instant> when() {
        return Optional.ofNullable(enqueuedTime);
    }
}
