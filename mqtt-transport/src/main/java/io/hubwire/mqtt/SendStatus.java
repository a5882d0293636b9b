package io.hubwire.mqtt;

/** Whether messages are waiting to be acknowledged. */
public enum SendStatus {
    /** Every message sent so far has ended one way or the other. */
    IDLE,
    /** At least one message waits, in the queue or for its acknowledgement. */
    BUSY
}
