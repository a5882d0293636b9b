package io.hubwire.mqtt;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What can happen to a connection: see {@link ConnectionMachine}. */
sealed interface ConnectionEvent {
    /** The application wants to be connected. */
    record Open() implements ConnectionEvent {}

    /** The application wants an end. */
    record Close() implements ConnectionEvent {}

    /** CONNACK 0; {@code renewIn} is the time until the token must be renewed, null for never. */
    record LinkUp(boolean sessionPresent, @Nullable Duration renewIn) implements ConnectionEvent {}

    /** The link is gone; {@code failure} is null when we had asked for it. */
    record LinkDown(@Nullable Failure failure) implements ConnectionEvent {}

    /** SUBACK, with one code for each filter; 0x80 and more is a refusal. */
    record Subscribed(List<String> filters, List<Integer> granted) implements ConnectionEvent {}

    /** Somebody needs what this filter brings. */
    record Want(String filter) implements ConnectionEvent {}

    /** Nothing is under way any more: told after sending has been stopped. */
    record Drained() implements ConnectionEvent {}

    /** A time armed by {@link ConnectionStep.Arm} has come. */
    record Expired(Deadline which) implements ConnectionEvent {}

    /** The times a connection waits for. At most one of each is armed. */
    enum Deadline {
        /** The present step (connecting, subscribing, draining, disconnecting) has taken too long. */
        STEP,
        /** The next try is due. */
        RETRY,
        /** The token should be renewed now. */
        RENEWAL,
        /** The link has been good for so long that back-off starts anew. */
        SETTLED,
        /** The application has waited long enough. */
        PATIENCE
    }
}
