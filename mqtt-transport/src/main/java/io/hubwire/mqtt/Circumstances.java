package io.hubwire.mqtt;

import io.hubwire.protocol.Identity;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known when a link has ended.
 *
 * @param identity who tried to connect
 * @param tokenExpiry of the token shown; null with a certificate
 * @param certificateEnd of the certificate shown; null with a token
 * @param now by the client's clock
 * @param hubClock what the hub's clock says, if it was asked
 * @param anotherCredential whether the next attempt shows another credential, and it is a good idea to make it now
 */
record Circumstances(
        Identity identity,
        @Nullable Instant tokenExpiry,
        @Nullable Instant certificateEnd,
        Instant now,
        HubClock hubClock,
        boolean anotherCredential) {

    /** The outcome of asking the hub for its time. */
    sealed interface HubClock {
        record NotAsked() implements HubClock {}

        /** Asked in vain. */
        record Unknown(String why) implements HubClock {}

        /** @param skew how far our clock is ahead; negative when it is behind */
        record Read(Duration skew) implements HubClock {}
    }

    @Nullable
    Duration skew() {
        return hubClock instanceof HubClock.Read read ? read.skew() : null;
    }

    /** Whether the token had ended, by our own clock. */
    boolean expiredHere() {
        return tokenExpiry != null && !now.isBefore(tokenExpiry);
    }

    /** Whether the token had ended by the hub's clock; by ours, if the hub's is not known. */
    boolean expiredAtHub() {
        Duration skew = skew();
        return tokenExpiry != null
                && !now.minus(skew == null ? Duration.ZERO : skew).isBefore(tokenExpiry);
    }

    /** The same, where a replaced token makes it worth while to try again at once. */
    Circumstances withAnotherCredential() {
        return new Circumstances(identity, tokenExpiry, certificateEnd, now, hubClock, true);
    }
}
