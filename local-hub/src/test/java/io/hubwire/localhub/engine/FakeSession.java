package io.hubwire.localhub.engine;

import io.hubwire.protocol.Identity;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A connection that writes down what the engine asks of it. */
final class FakeSession implements DeviceSession {
    record Method(String requestId, String name, String payload) {}

    record Patch(long version, String json) {}

    final List<Method> methods = new CopyOnWriteArrayList<>();
    final List<Patch> patches = new CopyOnWriteArrayList<>();
    final List<CloseReason> closed = new CopyOnWriteArrayList<>();
    volatile int c2dCalls;
    volatile boolean acceptsMethods;

    private final Identity identity;

    FakeSession(Identity identity) {
        this.identity = identity;
    }

    @Override
    public Identity identity() {
        return identity;
    }

    @Override
    public boolean acceptsMethods() {
        return acceptsMethods;
    }

    @Override
    public void invokeMethod(String requestId, String name, byte[] payload) {
        methods.add(new Method(requestId, name, new String(payload, StandardCharsets.UTF_8)));
    }

    @Override
    public void desiredChanged(long version, byte[] patch) {
        patches.add(new Patch(version, new String(patch, StandardCharsets.UTF_8)));
    }

    @Override
    public synchronized void c2dAvailable() {
        c2dCalls++;
    }

    @Override
    public void close(CloseReason reason) {
        closed.add(reason);
    }
}
