package io.hubwire.mqtt;

import io.hubwire.protocol.HubwireException;

/** Why a link is gone, and what that means for the next one. */
record Failure(HubwireException cause, ChangeReason reason, Verdict verdict, boolean byPeer) {
    enum Verdict {
        /** The next attempt is different (another key, a corrected clock), so make it now. */
        RETRY_NOW,
        /** Transient. */
        RETRY,
        /** The hub refuses; final at first, but for a client that it has accepted before it may be a passing state. */
        REFUSED,
        /** The same again will fail again. */
        GIVE_UP
    }

    static Failure transientOne(HubwireException cause, ChangeReason reason) {
        return new Failure(cause, reason, Verdict.RETRY, false);
    }
}
