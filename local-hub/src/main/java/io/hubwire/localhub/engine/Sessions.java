package io.hubwire.localhub.engine;

import io.hubwire.protocol.Identity;
import java.util.Optional;

/** Who is connected. A newer session of an identity displaces the older. */
public interface Sessions {
    /**
     * A session begins: sets {@code connectionState}, closes an older session of the same identity with {@code
     * TAKEN_OVER}, wakes method calls that wait for the device.
     */
    void opened(DeviceSession session);

    /** A session's subscriptions changed: wakes method calls that wait for the subscription. */
    void subscriptionsChanged(DeviceSession session);

    /** A session is gone: releases its C2D locks. Ignored when it is no longer the current one. */
    void closed(DeviceSession session);

    /** A device did something: moves {@code lastActivityTime}. */
    void active(Identity identity);

    Optional<DeviceSession> current(Identity identity);

    /** Sessions open now. */
    int count();
}
