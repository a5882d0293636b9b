package io.hubwire.events.amqp;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stream of bytes to the service and back, whatever lies in between. One thread reads, one writes.
 *
 * @param in as long as the peer talks
 * @param out each write leaves at once
 * @param tcp the socket below all, whose closing never waits for the peer
 */
record Wire(InputStream in, OutputStream out, Socket tcp) {
    private static final Logger LOG = LoggerFactory.getLogger(Wire.class);

    /** Says that nothing more will be written, where the wire has a way to. May wait for a peer that does not read. */
    void sayGoodbye() {
        try {
            if (out instanceof WebSocketOutput webSocket) {
                webSocket.close();
            }
        } catch (IOException broken) {
            LOG.trace("no good-bye on a broken line", broken);
        }
    }

    /** Ends it at once. From any thread. */
    void cut() {
        close(tcp);
    }

    /** Closes a socket that may be closed or broken already. */
    static void close(Socket tcp) {
        try {
            tcp.close();
        } catch (IOException alreadyGone) {
            LOG.trace("closing a broken socket", alreadyGone);
        }
    }
}
