package io.hubwire.mqtt;

import io.hubwire.protocol.HubwireException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One change of a client's connection.
 *
 * @param state the new state
 * @param reason why
 * @param cause what went wrong; null when nothing did
 * @param retryIn time until the next try; null unless the state is {@link ConnectionState#RETRYING}
 */
public record ConnectionChange(
        ConnectionState state,
        ChangeReason reason,
        @Nullable HubwireException cause,
        @Nullable Duration retryIn) {
    /** One line for a log. */
    @Override
    public String toString() {
        return state + " (" + reason + ")"
                + (retryIn == null ? "" : ", next try in " + retryIn.toMillis() + " ms")
                + (cause == null ? "" : ": " + cause.getMessage());
    }
}
