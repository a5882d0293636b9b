package io.hubwire.mqtt;

import io.hubwire.protocol.ErrorCode;
import java.time.Duration;

/**
 * Counts what a client does. Each method does nothing unless overridden. Called one at a time, on whatever thread the news
 * comes in: return quickly, never throw, never block.
 */
public interface ClientMetrics {
    /** Counts nothing. */
    ClientMetrics NONE = new ClientMetrics() {};

    /** A message was taken into the queue. */
    default void sent() {}

    /** The hub has acknowledged a message; {@code duration} is the time since {@code send}. */
    default void acknowledged(Duration duration) {}

    /** Messages go out once more because a link was lost. */
    default void resent(int messages) {}

    /** A message ended without an acknowledgement. */
    default void failed(ErrorCode code) {}

    /** How many messages wait, and how many are on their way. Told after each change. */
    default void queue(int waiting, int underWay) {}

    /** The connection came up; {@code reason} tells why it had to, so all but {@code REQUESTED} are reconnects. */
    default void connected(ChangeReason reason) {}

    /** A message from the cloud or to an input has come. */
    default void received() {}

    /** A method was answered with this status. */
    default void methodAnswered(int status) {}
}
