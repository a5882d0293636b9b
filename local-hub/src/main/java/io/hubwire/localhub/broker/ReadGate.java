package io.hubwire.localhub.broker;

import java.util.Optional;

/**
 * Says whether a connection is to be read: not when the client does not read what it asked for, nor when too many of its
 * messages are on their way into the store. For one thread.
 */
final class ReadGate {
    private boolean writable = true;
    private int unacknowledged;
    private boolean open = true;

    /** Whether what is written to the client leaves. */
    void writable(boolean now) {
        writable = now;
    }

    /** A message that wants a PUBACK was read. */
    void arrived() {
        unacknowledged++;
    }

    /** A PUBACK was written. */
    void acknowledged() {
        unacknowledged--;
    }

    /**
     * Tells when the answer has changed, so that nothing is undone that the broker has arranged for reasons of its own.
     *
     * @param window from how many messages without PUBACK on it is shut, 1 or more
     * @return whether to read from now on; empty when that is as before
     */
    Optional<Boolean> change(int window) {
        boolean now = writable && unacknowledged < window;
        if (now == open) {
            return Optional.empty();
        }
        open = now;
        return Optional.of(now);
    }
}
