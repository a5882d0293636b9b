package io.hubwire.localhub.https;

import io.hubwire.localhub.endpoint.ConnectionFacts;
import io.hubwire.localhub.endpoint.WebSocketBackend;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Sends back what it gets, from the moment a test says it is ready. */
final class EchoBackend implements WebSocketBackend {
    final CompletableFuture<Void> ready = new CompletableFuture<>();
    final CompletableFuture<ConnectionFacts> facts = new CompletableFuture<>();
    final CompletableFuture<Client> client = new CompletableFuture<>();
    final CompletableFuture<Void> closed = new CompletableFuture<>();

    static EchoBackend isReady() {
        EchoBackend echo = new EchoBackend();
        echo.ready.complete(null);
        return echo;
    }

    @Override
    public CompletionStage<Inbound> connect(ConnectionFacts known, Client peer) {
        facts.complete(known);
        client.complete(peer);
        return ready.thenApplyAsync(now -> new Inbound() {
            @Override
            public CompletionStage<Void> receive(ByteBuffer bytes) {
                ByteBuffer copy = ByteBuffer.allocate(bytes.remaining());
                copy.put(bytes).flip();
                return peer.send(copy);
            }

            @Override
            public void closed() {
                closed.complete(null);
            }
        });
    }
}
