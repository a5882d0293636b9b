package io.hubwire.localhub.throttling;

import io.hubwire.protocol.HubError;
import java.time.Duration;

/** Whether an operation is let through. */
public sealed interface Admission {
    /** At once. */
    record AtOnce() implements Admission {}

    /**
     * Traffic is being shaped: let through, but nobody may learn of it before this time has passed.
     *
     * @param delay above zero
     */
    record After(Duration delay) implements Admission {}

    /**
     * Not at all.
     *
     * @param error 429001, 429002 or 403002
     * @param detail what is limited to what, for the peer and the log
     * @param retryAfter when asking again can make sense; above zero
     */
    record Refused(HubError error, String detail, Duration retryAfter) implements Admission {}
}
