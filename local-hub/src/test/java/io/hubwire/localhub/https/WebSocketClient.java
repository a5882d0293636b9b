package io.hubwire.localhub.https;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.Buffer;
import okio.ByteString;

/** A WebSocket of OkHttp whose events a test can wait for. */
final class WebSocketClient extends WebSocketListener {
    /** Status of the answer to the upgrade: 101, or that of the refusal. */
    final CompletableFuture<Response> upgrade = new CompletableFuture<>();
    /** The server's close code, or -1 when the connection broke. */
    final CompletableFuture<Integer> closed = new CompletableFuture<>();

    private final Buffer received = new Buffer();
    private final WebSocket socket;

    WebSocketClient(OkHttpClient client, Request request) {
        socket = client.newWebSocket(request, this);
    }

    WebSocket socket() {
        return socket;
    }

    WebSocketClient opened() throws Exception {
        assertThat(upgrade.get(10, TimeUnit.SECONDS).code()).isEqualTo(101);
        return this;
    }

    /** What has come so far, frames put together. */
    synchronized ByteString received() {
        return received.snapshot();
    }

    @Override
    public void onOpen(WebSocket webSocket, Response response) {
        upgrade.complete(response);
    }

    @Override
    public synchronized void onMessage(WebSocket webSocket, ByteString bytes) {
        received.write(bytes);
    }

    @Override
    public void onClosing(WebSocket webSocket, int code, String reason) {
        closed.complete(code);
        webSocket.close(1000, null);
    }

    @Override
    public void onFailure(WebSocket webSocket, Throwable t, Response response) {
        if (response != null) {
            upgrade.complete(response);
        }
        upgrade.completeExceptionally(t);
        closed.complete(-1);
    }
}
