package io.hubwire.mqtt;

/** Hears of each change of a client's connection, in order, on the client's callback thread. */
@FunctionalInterface
public interface ConnectionListener {
    void changed(ConnectionChange change);
}
