package io.hubwire.localhub.amqp;

import io.hubwire.localhub.endpoint.WebSocketBackend.Client;
import io.hubwire.localhub.endpoint.WebSocketBackend.Inbound;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket and the loop of its AMQP connection. The next bytes come once the loop has worked off the last ones, so
 * nothing piles up. Source: amqp 1, row WebSocket.
 */
final class WebSocketTransport implements ByteSink, Inbound {
    /** Some clients cannot take a frame larger than their AMQP frames, so ours stay well below. */
    private static final int MAX_PAYLOAD = 16 * 1024;
    /** How long a peer may leave what it is sent unread. */
    private static final long STALL_SECONDS = 30;

    private final Client client;
    private final Consumer<WebSocketTransport> whenEnded;
    private final ConnectionLoop loop;
    private volatile @Nullable CompletableFuture<Void> unread;
    private volatile boolean closing;

    /** @param whenEnded told once, when nothing more will be written */
    WebSocketTransport(
            String name, Client client, ServerContext context, Clock clock, Consumer<WebSocketTransport> whenEnded) {
        this.client = client;
        this.whenEnded = whenEnded;
        this.loop = new ConnectionLoop(name, context, this, clock);
    }

    void start() {
        loop.start();
    }

    /** Asks the peer to go. */
    void end() {
        loop.end(Conditions.CONNECTION_FORCED, "the hub is stopping");
    }

    /** Waits for the end. @param millis at most */
    void awaitEnd(long millis) {
        try {
            loop.awaitEnd(millis);
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public CompletionStage<Void> receive(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        CompletableFuture<Void> taken = new CompletableFuture<>();
        unread = taken;
        loop.received(copy, () -> taken.complete(null));
        if (closing) {
            taken.complete(null); // dropped; the peer's close frame lies behind these bytes
        }
        return taken;
    }

    @Override
    public void closed() {
        loop.lost();
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        for (int sent = 0; sent < length; sent += MAX_PAYLOAD) {
            send(ByteBuffer.wrap(bytes, offset + sent, Math.min(MAX_PAYLOAD, length - sent)));
        }
    }

    private void send(ByteBuffer frame) throws IOException {
        try {
            client.send(frame).toCompletableFuture().get(STALL_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException broken) {
            throw new IOException("the WebSocket broke", broken.getCause());
        } catch (TimeoutException stalled) {
            throw new IOException("the peer did not read for " + STALL_SECONDS + " s", stalled);
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the peer did not read", asked);
        }
    }

    @Override
    public void close() {
        closing = true;
        CompletableFuture<Void> waiting = unread;
        if (waiting != null) {
            waiting.complete(null);
        }
        client.close();
        whenEnded.accept(this);
    }
}
