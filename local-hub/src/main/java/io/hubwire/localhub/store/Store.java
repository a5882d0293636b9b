package io.hubwire.localhub.store;

import java.util.function.Function;

/** The hub's memory. Each call of {@link Documents} on the store itself is a transaction of its own. Thread-safe. */
public interface Store extends Documents, AutoCloseable {
    /**
     * Runs {@code work} so that all of its changes happen or none. An exception undoes them and is passed on. When the
     * database gives up because transactions got in each other's way, the work runs again: it must have no other effect.
     *
     * @param work uses the documents it is handed, on this thread and only during the call
     */
    <T> T inTransaction(Function<? super Documents, ? extends T> work);

    /** Lets go of connections and files. Idempotent. */
    @Override
    void close();
}
