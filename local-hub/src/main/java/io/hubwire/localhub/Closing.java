package io.hubwire.localhub;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What must be closed, in the opposite order of its making; also when the making fails half-way. */
final class Closing implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Closing.class);

    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    /** Adds the part that is to be closed before all others so far. */
    synchronized <T extends AutoCloseable> T last(T part) {
        open.push(part);
        return part;
    }

    /** Closes each part, whatever becomes of the others. Idempotent. */
    @Override
    public synchronized void close() {
        while (!open.isEmpty()) {
            AutoCloseable part = open.pop();
            try {
                part.close();
            } catch (Exception e) {
                log.error("a part of the hub did not close", e);
            }
        }
    }
}
