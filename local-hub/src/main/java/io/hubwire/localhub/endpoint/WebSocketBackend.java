package io.hubwire.localhub.endpoint;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;

/**
 * A protocol that travels inside a WebSocket's binary frames as one stream of bytes; frame borders mean nothing. Both
 * directions push back: the next bytes come when the stage of the last ones is complete.
 */
@FunctionalInterface
public interface WebSocketBackend {
    /**
     * Takes a connection over. Must not block.
     *
     * @param facts about the connection; the host asked for is that of the {@code Host} header
     * @param client where answers go; may be used from now on
     * @return what bytes of the client go to, once it is ready for them; a failure closes the WebSocket
     */
    CompletionStage<Inbound> connect(ConnectionFacts facts, Client client);

    /** Bytes that come from the client. Called by one thread at a time. */
    interface Inbound {
        /**
         * The next bytes of the stream.
         *
         * @param bytes valid until the stage returned is complete; a failure closes the WebSocket
         */
        CompletionStage<Void> receive(ByteBuffer bytes);

        /** The client is gone, or {@link Client#close} was called; called once. */
        void closed();
    }

    /** The client at the other end. Thread-safe. */
    interface Client {
        /**
         * Sends bytes as one binary frame.
         *
         * @param bytes untouched by the caller until the stage returned is complete; one at a time, so wait for it before
         *     sending more
         */
        CompletionStage<Void> send(ByteBuffer bytes);

        /** Closes the WebSocket after what was sent. Idempotent. */
        void close();
    }
}
