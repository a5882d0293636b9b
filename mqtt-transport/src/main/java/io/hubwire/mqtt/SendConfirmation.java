package io.hubwire.mqtt;

import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.Message;
import org.jspecify.annotations.Nullable;

/**
 * How one send ended: either {@code result} or {@code failure} is there.
 *
 * @param message as it was given to {@code send}
 * @param context as it was given to {@code send}
 * @param result null when it failed
 * @param failure null when the hub acknowledged
 */
public record SendConfirmation<C extends @Nullable Object>(
        Message message,
        C context,
        @Nullable SendResult result,
        @Nullable HubwireException failure) {
    /** Whether the hub acknowledged the message. */
    public boolean ok() {
        return failure == null;
    }
}
