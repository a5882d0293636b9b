package io.hubwire.devicehttp;

/** What becomes of a message that a device holds. Source: device-http 4. */
public enum Settlement {
    /** Done with; feedback {@code Success} if the sender asked. */
    COMPLETE,
    /** Back into the queue, to come again; after ten times the hub gives up. */
    ABANDON,
    /** Not wanted, ever; feedback {@code Rejected} if the sender asked. */
    REJECT
}
