package io.hubwire.localhub.https;

import io.hubwire.localhub.endpoint.ConnectionFacts;
import io.hubwire.localhub.endpoint.WebSocketBackend;
import io.hubwire.localhub.endpoint.WebSocketBackend.Inbound;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.StatusCode;
import org.jspecify.annotations.Nullable;

/**
 * One upgraded WebSocket: its binary frames are a stream of bytes to a backend, and the other way round. Bytes are asked
 * for when the backend is ready, and again when it has taken the last ones: that keeps them in order and is the
 * back-pressure. Public only because Jetty insists.
 */
public final class WebSocketTunnel implements Session.Listener {
    /** How long a client may take to answer our close frame. */
    private static final Duration CLOSING = Duration.ofSeconds(2);

    private final ConnectionFacts facts;
    private final WebSocketBackend backend;
    private final AtomicBoolean closing = new AtomicBoolean();
    private final CompletableFuture<Inbound> ready = new CompletableFuture<>();
    private final AtomicBoolean gone = new AtomicBoolean();
    private final Consumer<WebSocketTunnel> atEnd;
    private @Nullable Session session;

    /** @param atEnd hears once that this tunnel is gone */
    WebSocketTunnel(ConnectionFacts facts, WebSocketBackend backend, Consumer<WebSocketTunnel> atEnd) {
        this.facts = facts;
        this.backend = backend;
        this.atEnd = atEnd;
    }

    @Override
    public void onWebSocketOpen(Session opened) {
        session = opened;
        ready.thenAccept(inbound -> opened.demand()).exceptionally(failure -> {
            close(opened, StatusCode.SERVER_ERROR);
            return null;
        });
        backend.connect(facts, new JettyClient(opened)).whenComplete((inbound, failure) -> {
            if (failure != null) {
                ready.completeExceptionally(failure);
            } else {
                ready.complete(inbound);
            }
        });
    }

    /** Comes only after a demand, so the backend is ready. Parts of a message are as good as the whole. */
    @Override
    public void onWebSocketPartialBinary(ByteBuffer payload, boolean last, Callback callback) {
        ready.join().receive(payload).whenComplete((taken, failure) -> {
            if (failure == null) {
                callback.succeed();
                demand();
            } else {
                callback.fail(failure);
            }
        });
    }

    private void demand() {
        Session current = session;
        if (current != null && current.isOpen()) {
            current.demand();
        }
    }

    @Override
    public void onWebSocketPartialText(String payload, boolean last) {
        Session current = session;
        if (current != null) {
            close(current, StatusCode.BAD_DATA);
        }
    }

    @Override
    public void onWebSocketError(Throwable cause) {
        end();
    }

    @Override
    public void onWebSocketClose(int statusCode, @Nullable String reason, Callback callback) {
        end();
        callback.succeed();
    }

    /** Tells the backend that the client is gone; once. */
    void end() {
        if (gone.compareAndSet(false, true)) {
            atEnd.accept(this);
            CompletableFuture<Void> unused = ready.thenAccept(Inbound::closed);
        }
    }

    private void close(Session open, int status) {
        if (closing.compareAndSet(false, true)) {
            open.setIdleTimeout(CLOSING);
            open.close(status, null, Callback.NOOP);
        }
    }

    private final class JettyClient implements WebSocketBackend.Client {
        private final Session open;

        JettyClient(Session open) {
            this.open = open;
        }

        @Override
        public CompletionStage<Void> send(ByteBuffer bytes) {
            CompletableFuture<Void> sent = new CompletableFuture<>();
            open.sendBinary(bytes, Callback.from(() -> sent.complete(null), sent::completeExceptionally));
            return sent;
        }

        @Override
        public void close() {
            WebSocketTunnel.this.close(open, StatusCode.NORMAL);
        }
    }
}
