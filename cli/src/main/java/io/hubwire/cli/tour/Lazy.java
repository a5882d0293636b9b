package io.hubwire.cli.tour;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Opens a client in the step that needs it first, so that a failure to open is that step's; closes it if it was opened. Not
 * thread-safe.
 */
final class Lazy<T extends AutoCloseable> implements AutoCloseable {
    private final Supplier<T> opener;
    private @Nullable T opened;

    Lazy(Supplier<T> opener) {
        this.opener = opener;
    }

    T get() {
        T value = opened;
        if (value == null) {
            value = opener.get();
            opened = value;
        }
        return value;
    }

    @Override
    public void close() {
        T value = opened;
        if (value != null) {
            try {
                value.close();
            } catch (Exception e) {
                throw new IllegalStateException("a client of the tour did not close", e);
            }
        }
    }
}
