package io.hubwire.mqtt;

/** Where a client's connection stands, as far as an application cares. */
public enum ConnectionState {
    /** Not connected and not trying to: before the first connect, or after giving up. */
    DISCONNECTED,
    /** On its way: name, TCP, TLS, CONNECT, subscriptions. */
    CONNECTING,
    /** The hub has accepted the connection and granted every subscription. */
    CONNECTED,
    /** Lost or refused; the next try is set. */
    RETRYING,
    /** Closed by the application; final. */
    CLOSED
}
