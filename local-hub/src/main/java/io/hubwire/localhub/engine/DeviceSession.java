package io.hubwire.localhub.engine;

import io.hubwire.protocol.Identity;

/**
 * One live connection of a device or module, as the engine sees it. Implemented by the MQTT endpoint. Calls come from any
 * thread and must not block; what the device has not subscribed to is dropped by the implementation. The
 * engine may hold its lock on the device meanwhile: an implementation hands over and returns, and takes no lock under which
 * it would call the engine.
 */
public interface DeviceSession {
    /** Why the hub ends a connection; logged, and the reason a client could have known. */
    enum CloseReason {
        TAKEN_OVER,
        TOKEN_EXPIRED,
        DISABLED,
        DELETED,
        KEY_CHANGED,
        HUB_STOPPING,
        PROTOCOL_ERROR
    }

    Identity identity();

    /** Whether the device holds the methods subscription now. */
    boolean acceptsMethods();

    /**
     * Sends a method request at QoS 0.
     *
     * @param payload JSON or no bytes
     */
    void invokeMethod(String requestId, String name, byte[] payload);

    /**
     * Sends a desired-properties patch (or replacement).
     *
     * @param patch JSON that includes {@code $version}
     */
    void desiredChanged(long version, byte[] patch);

    /** There may be something for this device in its C2D queue. */
    void c2dAvailable();

    /** Ends this connection, and only this one. */
    void close(CloseReason reason);
}
