package io.hubwire.localhub.mqtt;

/**
 * The one connection a conversation is held on. Callable from any thread, never blocks; packets go out in the order in
 * which one thread hands them in. After the connection's end everything here is without effect.
 */
public interface Link {
    /**
     * Sends a PUBLISH, however much is waiting.
     *
     * @param written run on the connection's thread when the bytes have gone to the socket; not run if they never do
     */
    void publish(OutgoingPublish packet, Runnable written);

    /** Bytes that wait for a slow client, beyond what is normal; 0 while it keeps up. */
    long backlog();

    /** Cuts this connection, and only this one. @param reason for the log */
    void close(String reason);
}
