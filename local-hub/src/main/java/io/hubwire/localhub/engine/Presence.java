package io.hubwire.localhub.engine;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an identity's connection. Kept in memory: after a restart nobody is connected.
 *
 * @param connectionStateUpdated when it last connected or disconnected; null for never
 * @param lastActivity when it last sent or received anything; null for never
 */
record Presence(
        boolean connected,
        @Nullable Instant connectionStateUpdated,
        @Nullable Instant lastActivity) {
    static final Presence NEVER = new Presence(false, null, null);

    /** {@code Connected} or {@code Disconnected}. */
    String connectionState() {
        return connected ? "Connected" : "Disconnected";
    }
}
