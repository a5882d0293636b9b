package io.hubwire.localhub.endpoint;

/**
 * One way into the hub, bound to one port on each of the hub's addresses. It listens when its {@code start} returns and
 * no longer when {@link #close} returns.
 */
public interface Endpoint extends AutoCloseable {
    /** The port it really listens on, 1 to 65535; differs from the one asked for when that was 0. */
    int port();

    /** Cuts its connections and ends its threads, within a second. Idempotent; never throws. */
    @Override
    void close();
}
