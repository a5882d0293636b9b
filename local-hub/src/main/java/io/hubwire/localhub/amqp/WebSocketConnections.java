package io.hubwire.localhub.amqp;

import io.hubwire.localhub.endpoint.ConnectionFacts;
import io.hubwire.localhub.endpoint.WebSocketBackend;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;

/** The AMQP connections that come through WebSockets. Thread-safe. */
final class WebSocketConnections implements WebSocketBackend {
    private static final int MAX_CONNECTIONS = 1024;

    private final ServerContext context;
    private final Clock clock;
    private final Set<WebSocketTransport> open = ConcurrentHashMap.newKeySet();
    private final AtomicLong accepted = new AtomicLong();
    private volatile boolean closed;

    /** @param clock for time-outs between peers */
    WebSocketConnections(ServerContext context, Clock clock) {
        this.context = context;
        this.clock = clock;
    }

    @Override
    public CompletionStage<Inbound> connect(ConnectionFacts facts, Client client) {
        if (closed || open.size() >= MAX_CONNECTIONS) {
            return CompletableFuture.failedStage(new RejectedExecutionException(
                    closed ? "the hub is stopping" : "the hub has " + MAX_CONNECTIONS + " AMQP WebSockets"));
        }
        WebSocketTransport connection =
                new WebSocketTransport("wss-" + accepted.incrementAndGet(), client, context, clock, open::remove);
        open.add(connection);
        connection.start();
        if (closed) {
            connection.end(); // close() may have looked before it was there
        }
        return CompletableFuture.completedStage(connection);
    }

    /** Connections open now. */
    int size() {
        return open.size();
    }

    /** No further connections; those that are open are told. */
    void close() {
        closed = true;
        open.forEach(WebSocketTransport::end);
    }

    /** Waits up to a moment in time for the connections to end. */
    void awaitEnd(long untilMillis) {
        open.forEach(connection -> connection.awaitEnd(Math.max(0, untilMillis - clock.millis())));
    }
}
