package io.hubwire.localhub.engine;

import io.hubwire.auth.SymmetricKey;
import java.time.Clock;
import java.time.Instant;
import java.util.Locale;

/** Gives and judges the tokens of one kind. Each gate has a key of its own: what opens one is nothing to another. */
public final class BlobGate {
    /** What a token is good for; its letter is the value of {@code sr}. */
    public enum Scope {
        /** One blob. */
        B,
        /** A container and every blob in it. */
        C;

        String letter() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Scope scope;
    private final SymmetricKey key;
    private final Clock clock;

    /** @param key random, and used for nothing else */
    public BlobGate(Scope scope, SymmetricKey key, Clock clock) {
        this.scope = scope;
        this.key = key;
        this.clock = clock;
    }

    /**
     * A token.
     *
     * @param resource blob or container, by its path without a slash at the beginning
     * @param permissions letters as {@code sp} has them, {@code rw}
     */
    public BlobToken grant(String resource, Instant expiry, String permissions) {
        return BlobToken.sign(scope, resource, expiry, permissions, key);
    }

    /** @param permission {@code r}, {@code w} or {@code d} */
    public BlobAccess judge(String resource, BlobToken token, char permission) {
        if (!token.isSignedFor(scope, resource, key)) {
            return BlobAccess.BAD_SIGNATURE;
        }
        boolean over = token.end().map(end -> !end.isAfter(clock.instant())).orElse(true);
        if (over) {
            return BlobAccess.EXPIRED;
        }
        return token.permissions().indexOf(permission) >= 0 ? BlobAccess.GRANTED : BlobAccess.NOT_PERMITTED;
    }
}
