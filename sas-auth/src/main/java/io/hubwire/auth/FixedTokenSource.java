package io.hubwire.auth;

import java.time.Instant;

/** A token that cannot be renewed. */
final class FixedTokenSource implements TokenSource {
    private final Lease lease;

    FixedTokenSource(SasToken token) {
        this.lease = new Lease(token, Instant.MAX);
    }

    @Override
    public Lease lease(Instant now) {
        return lease;
    }

    @Override
    public void invalidate() {
        // there is no other
    }

    @Override
    public String toString() {
        return "TokenSource[" + lease.token() + "]";
    }
}
