package io.hubwire.localhub.engine;

import io.hubwire.localhub.store.log.RecordLog;
import io.hubwire.protocol.HubwireException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Forces appended events to the disk and says so afterwards, many with one wait for the disk. One daemon thread. What
 * cannot be forced is never said to be safe: its sender gets no acknowledgement and sends it again.
 */
final class GroupForce implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(GroupForce.class);
    private static final int LARGEST_GROUP = 10_000;
    private static final long CLOSES_WITHIN_MILLIS = 500;

    private record Waiting(RecordLog log, long sequence, Runnable durable) {}

    /** Bounded by what clients may have in flight: each waits for its acknowledgements. */
    private final BlockingQueue<Waiting> queue = new LinkedBlockingQueue<>();

    private final Thread thread = new Thread(this::run, "hubwire-event-force");
    private volatile boolean closed;

    GroupForce() {
        thread.setDaemon(true);
        thread.start();
    }

    /** Runs {@code durable} once the record is on the disk; in the order of the calls. */
    void later(RecordLog records, long sequence, Runnable durable) {
        queue.add(new Waiting(records, sequence, durable));
    }

    private void run() {
        List<Waiting> group = new ArrayList<>();
        while (!closed) {
            try {
                group.add(queue.take());
            } catch (InterruptedException e) {
                return; // closing
            }
            queue.drainTo(group, LARGEST_GROUP);
            force(group);
            group.clear();
        }
    }

    private static void force(List<Waiting> group) {
        Map<RecordLog, Long> last = new LinkedHashMap<>();
        group.forEach(waiting -> last.merge(waiting.log, waiting.sequence, Math::max));
        try {
            last.forEach(RecordLog::force);
        } catch (HubwireException e) {
            log.error("events are not acknowledged: {}", e.getMessage());
            return;
        }
        for (Waiting waiting : group) {
            try {
                waiting.durable.run();
            } catch (RuntimeException e) {
                log.error("an event's sender could not be told that it is safe", e);
            }
        }
    }

    /** Ends the thread; what waits is not acknowledged. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(CLOSES_WITHIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
