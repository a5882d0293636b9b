package io.hubwire.localhub.engine;

import io.hubwire.protocol.Identity;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Sessions and what they show of an identity. Telemetry passes through {@link #active}, so that is one look-up and one
 * write. Holds no lock while it calls a session or an observer.
 */
final class HubSessions implements Sessions {
    /** Someone in the engine who serves sessions. */
    interface Observer {
        /** The session is there, or its subscriptions have changed. */
        default void ready(DeviceSession session) {}

        /** The session is gone, and will not be back. */
        default void gone(DeviceSession session) {}
    }

    private final Identities identities;
    private final Clock clock;
    private final ConcurrentHashMap<Identity, DeviceSession> current = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<Identity, Trail> trails = new ConcurrentHashMap<>();
    private final List<Observer> observers = new CopyOnWriteArrayList<>();

    HubSessions(Identities identities, Clock clock) {
        this.identities = identities;
        this.clock = clock;
    }

    /** Times in epoch milliseconds, 0 for never: written by one session, read by anyone. */
    private static final class Trail {
        volatile long connectionStateUpdated;
        volatile long lastActivity;
    }

    void addObserver(Observer observer) {
        observers.add(observer);
    }

    @Override
    public void opened(DeviceSession session) {
        DeviceSession older = current.put(session.identity(), session);
        connectionStateChanged(session.identity());
        if (older != null && older != session) {
            older.close(DeviceSession.CloseReason.TAKEN_OVER);
            observers.forEach(observer -> observer.gone(older));
        }
        if (isWelcome(session)) {
            observers.forEach(observer -> observer.ready(session));
        }
    }

    /**
     * Whether the identity is still there and enabled. Both may have changed since it was let in, and then nobody found
     * this session to cut it.
     */
    private boolean isWelcome(DeviceSession session) {
        Identity identity = session.identity();
        Optional<StoredIdentity> device = identities.find(new Identity(identity.device(), null));
        if (device.isEmpty() || identities.find(identity).isEmpty()) {
            session.close(DeviceSession.CloseReason.DELETED);
            return false;
        }
        if (!device.get().enabled()) {
            session.close(DeviceSession.CloseReason.DISABLED);
            return false;
        }
        return true;
    }

    @Override
    public void subscriptionsChanged(DeviceSession session) {
        observers.forEach(observer -> observer.ready(session));
    }

    @Override
    public void closed(DeviceSession session) {
        if (current.remove(session.identity(), session)) {
            connectionStateChanged(session.identity());
        }
        observers.forEach(observer -> observer.gone(session));
    }

    @Override
    public void active(Identity identity) {
        trail(identity).lastActivity = clock.millis();
    }

    @Override
    public Optional<DeviceSession> current(Identity identity) {
        return Optional.ofNullable(current.get(identity));
    }

    @Override
    public int count() {
        return current.size();
    }

    /** Devices connected now, without modules. */
    long connectedDevices() {
        return current.keySet().stream().filter(id -> !id.isModule()).count();
    }

    Presence presence(Identity identity) {
        Trail trail = trails.get(identity);
        boolean connected = current.containsKey(identity);
        return trail == null
                ? new Presence(connected, null, null)
                : new Presence(connected, instant(trail.connectionStateUpdated), instant(trail.lastActivity));
    }

    /** Ends the identity's connection, if it has one. */
    void cut(Identity identity, DeviceSession.CloseReason reason) {
        DeviceSession session = current.get(identity);
        if (session != null) {
            session.close(reason);
        }
    }

    /** Ends every connection. */
    void cutAll(DeviceSession.CloseReason reason) {
        current.values().forEach(session -> session.close(reason));
    }

    /** The identity is no more. */
    void forget(Identity identity) {
        trails.remove(identity);
    }

    private void connectionStateChanged(Identity identity) {
        Trail trail = trail(identity);
        long now = clock.millis();
        trail.connectionStateUpdated = now;
        trail.lastActivity = now;
    }

    private Trail trail(Identity identity) {
        Trail trail = trails.get(identity);
        return trail != null ? trail : trails.computeIfAbsent(identity, id -> new Trail());
    }

    private static @Nullable Instant instant(long epochMillis) {
        return epochMillis == 0 ? null : Instant.ofEpochMilli(epochMillis);
    }
}
