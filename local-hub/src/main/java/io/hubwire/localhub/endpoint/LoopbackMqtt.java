package io.hubwire.localhub.endpoint;

import java.net.InetSocketAddress;

/**
 * The hub's plain MQTT listener on loopback, for an endpoint that unwraps MQTT from something else (WebSocket). A
 * connection nobody announced is refused. The order that makes it race-free: connect, announce the local port of that
 * connection, only then write the first byte.
 */
public interface LoopbackMqtt {
    /** Where to connect to. */
    InetSocketAddress address();

    /**
     * Vouches for a connection to {@link #address}.
     *
     * @param localPort of the announcer's side of the connection, 1 to 65535
     * @return withdraws the announcement when closed, and only this one, should the port be in use again by then; close it
     *     when the connection is closed
     */
    Announcement announce(int localPort, ConnectionFacts facts);

    /** An announcement that stands. */
    interface Announcement extends AutoCloseable {
        @Override
        void close();
    }
}
