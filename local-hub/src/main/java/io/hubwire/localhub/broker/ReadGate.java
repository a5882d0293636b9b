package io.hubwire.localhub.broker;

/**
 * Says whether a connection is to be read: not when the client does not read what it asked for, nor when too many of its
 * messages are on their way into the store. For one thread.
 */
final class ReadGate {
    private boolean writable = true;
    private int unacknowledged;

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

    /** @param window from how many messages without PUBACK on it is shut, 1 or more */
    boolean isOpen(int window) {
        return writable && unacknowledged < window;
    }
}
