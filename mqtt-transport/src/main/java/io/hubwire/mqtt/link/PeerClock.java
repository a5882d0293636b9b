package io.hubwire.mqtt.link;

import java.io.IOException;
import java.time.Instant;

/** What time it is where the peer is. */
@FunctionalInterface
public interface PeerClock {
    /**
     * Asks. Blocks, for a bounded time.
     *
     * @return exact to two seconds or so
     * @throws IOException when the peer cannot be reached or does not tell
     */
    Instant read() throws IOException;
}
