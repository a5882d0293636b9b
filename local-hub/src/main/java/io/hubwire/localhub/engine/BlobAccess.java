package io.hubwire.localhub.engine;

/** Whether a token opens a blob. */
public enum BlobAccess {
    GRANTED,
    /** Not signed by this hub for this blob, or incomplete. */
    BAD_SIGNATURE,
    EXPIRED,
    /** Signed, but for something else than what is asked. */
    NOT_PERMITTED
}
