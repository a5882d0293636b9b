package io.hubwire.localhub.amqp;

import java.io.IOException;

/** Where a connection's bytes go: a socket, or the frames of a WebSocket. */
interface ByteSink {
    /** Writes all of it; may block while the peer does not read. Called from the connection's thread. */
    void write(byte[] bytes, int offset, int length) throws IOException;

    /** Nothing more will be written. Ends the transport, now or once the peer has read the rest. From any thread. */
    void close();
}
