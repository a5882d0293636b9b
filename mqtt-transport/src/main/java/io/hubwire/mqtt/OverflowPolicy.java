package io.hubwire.mqtt;

/** What {@code send} does when the queue is full. */
public enum OverflowPolicy {
    /** Blocks the caller until there is room, at most for the message time-out, then fails with {@code QUEUE_FULL}. */
    WAIT,
    /** Fails at once with {@code QUEUE_FULL}. */
    REJECT,
    /** Makes room: the oldest message that has not gone out yet fails with {@code QUEUE_FULL}. */
    DROP_OLDEST
}
