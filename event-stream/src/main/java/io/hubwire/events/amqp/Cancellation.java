package io.hubwire.events.amqp;

import java.io.IOException;
import java.net.Socket;
import org.jspecify.annotations.Nullable;

/** Lets another thread break off an attempt to connect. Thread-safe. */
public final class Cancellation {
    private @Nullable Socket socket;
    private boolean cancelled;

    /** Breaks off what is under way and all that follows. */
    public synchronized void cancel() {
        cancelled = true;
        Socket current = socket;
        if (current != null) {
            try {
                current.close();
            } catch (IOException alreadyGone) {
                socket = null;
            }
        }
    }

    /** @throws IOException when it is cancelled already */
    synchronized void watch(Socket attempt) throws IOException {
        if (cancelled) {
            throw new IOException("cancelled");
        }
        socket = attempt;
    }
}
