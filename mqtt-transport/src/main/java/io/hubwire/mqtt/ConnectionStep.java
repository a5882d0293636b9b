package io.hubwire.mqtt;

import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.TransportException;
import java.time.Duration;
import java.util.List;

/** What the driver of a {@link ConnectionMachine} must do next; in the order given. */
sealed interface ConnectionStep {
    /** Make a new link with a fresh credential and open it. */
    record OpenLink() implements ConnectionStep {}

    /** Send one SUBSCRIBE. */
    record Subscribe(List<String> filters) implements ConnectionStep {}

    /** End the link in good order. */
    record CloseLink() implements ConnectionStep {}

    /** Cut the link. */
    record AbortLink(TransportException cause) implements ConnectionStep {}

    /** Messages may go out. */
    record StartSending(boolean sessionPresent) implements ConnectionStep {}

    /** No new messages; say {@link ConnectionEvent.Drained} once nothing is under way. Harmless without a link. */
    record StopSending() implements ConnectionStep {}

    /** Wait for this time, in place of an earlier one of the same kind. */
    record Arm(ConnectionEvent.Deadline which, Duration delay) implements ConnectionStep {}

    /** Wait no longer for it. */
    record Disarm(ConnectionEvent.Deadline which) implements ConnectionStep {}

    /** Tell the listeners. */
    record Announce(ConnectionChange change) implements ConnectionStep {}

    /** Whoever waits for the connection can go on. */
    record Opened() implements ConnectionStep {}

    /** Whoever waits for the connection waits in vain. */
    record OpenFailed(HubwireException cause) implements ConnectionStep {}

    /** The hub serves these filters on this link. */
    record Granted(List<String> filters) implements ConnectionStep {}

    /** The hub does not serve this filter. */
    record NotGranted(String filter, HubwireException cause) implements ConnectionStep {}

    /** The end has been reached. */
    record Finished() implements ConnectionStep {}
}
