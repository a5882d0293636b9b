package io.hubwire.localhub.https;

import io.hubwire.localhub.engine.DeviceSession;
import io.hubwire.localhub.engine.Hub;
import io.hubwire.protocol.Identity;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A device with a connection, that answers methods as a test says. */
final class ConnectedDevice implements DeviceSession {
    /** The first method call that came, {@code name payload}. */
    final CompletableFuture<String> called = new CompletableFuture<>();

    private final Hub hub;
    private final Identity identity;
    private volatile @Nullable String answer;
    private volatile int status;
    private volatile boolean subscribed;

    ConnectedDevice(Hub hub, Identity identity) {
        this.hub = hub;
        this.identity = identity;
        hub.sessions().opened(this);
    }

    /** Answers every call from now on. @param payload JSON, or nothing */
    ConnectedDevice answering(int withStatus, String payload) {
        status = withStatus;
        answer = payload;
        return silent();
    }

    /** Takes calls from now on, and says nothing. */
    ConnectedDevice silent() {
        subscribed = true;
        hub.sessions().subscriptionsChanged(this);
        return this;
    }

    @Override
    public Identity identity() {
        return identity;
    }

    @Override
    public boolean acceptsMethods() {
        return subscribed;
    }

    @Override
    public void invokeMethod(String requestId, String name, byte[] payload) {
        called.complete(name + " " + new String(payload, StandardCharsets.UTF_8));
        String reply = answer;
        if (reply != null) {
            hub.methods().answer(this, requestId, status, reply.getBytes(StandardCharsets.UTF_8));
        }
    }

    @Override
    public void desiredChanged(long version, byte[] patch) {
        // no test here looks at it
    }

    @Override
    public void c2dAvailable() {
        // over HTTPS the device asks
    }

    @Override
    public void close(CloseReason reason) {
        hub.sessions().closed(this);
    }
}
