package io.hubwire.localhub.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.time.Timer;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Feedback records, first in first out. A batch that is not settled while its lock lasts comes back, in its old place; a
 * record handed out too often, or too old, is dropped. Its lock is a leaf; listeners run without it.
 */
final class HubFeedback implements FeedbackQueue {
    private static final int MAX_BATCH = 64;
    /** Beyond this the oldest go: about 30 MB, and nobody is reading. */
    private static final int MAX_RECORDS = 100_000;

    private final EngineOptions.Feedback options;
    private final Clock clock;
    private final Timer timer;
    private final Ids ids;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final Deque<Entry> waiting = new ArrayDeque<>();
    private final Map<String, Locked> locked = new HashMap<>();

    HubFeedback(EngineOptions.Feedback options, Clock clock, Timer timer, Ids ids) {
        this.options = options;
        this.clock = clock;
        this.timer = timer;
        this.ids = ids;
    }

    private static final class Entry {
        private final ObjectNode record;
        private final Instant enqueued;
        private int deliveries;

        Entry(ObjectNode record, Instant enqueued) {
            this.record = record;
            this.enqueued = enqueued;
        }
    }

    private record Locked(List<Entry> entries, Timer.Scheduled end) {}

    @Override
    public void add(ObjectNode record) {
        synchronized (this) {
            dropOld();
            if (waiting.size() >= MAX_RECORDS) {
                waiting.removeFirst();
            }
            waiting.addLast(new Entry(record.deepCopy(), clock.instant()));
        }
        tellListeners();
    }

    @Override
    public synchronized Optional<Batch> next(int max) {
        if (max < 1 || max > MAX_BATCH) {
            throw new IllegalArgumentException("max [" + max + "] must be 1 to " + MAX_BATCH);
        }
        dropOld();
        if (waiting.isEmpty()) {
            return Optional.empty();
        }
        List<Entry> entries = new ArrayList<>();
        List<ObjectNode> records = new ArrayList<>();
        while (entries.size() < max && !waiting.isEmpty()) {
            Entry entry = waiting.removeFirst();
            entry.deliveries++;
            entries.add(entry);
            records.add(entry.record.deepCopy());
        }
        String token = ids.uuid();
        locked.put(token, new Locked(entries, timer.schedule(options.lock(), () -> giveBack(token))));
        return Optional.of(new Batch(token, List.copyOf(records), entries.get(0).enqueued));
    }

    @Override
    public synchronized void complete(String lockToken) {
        unlock(lockToken);
    }

    @Override
    public void abandon(String lockToken) {
        if (!giveBack(lockToken)) {
            throw C2dQueue.lockLost(lockToken);
        }
    }

    @Override
    public synchronized void reject(String lockToken) {
        unlock(lockToken);
    }

    @Override
    public AutoCloseable onAvailable(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** The device is no more: what it had to say is dropped (service-rest 13.4). */
    synchronized void forgetDevice(String deviceId) {
        waiting.removeIf(entry -> entry.record.path("deviceId").asText().equals(deviceId));
    }

    /** Forgets the timer tasks. */
    synchronized void stop() {
        locked.values().forEach(batch -> batch.end.cancel());
    }

    private void unlock(String lockToken) {
        Locked batch = locked.remove(lockToken);
        if (batch == null) {
            throw C2dQueue.lockLost(lockToken);
        }
        batch.end.cancel();
    }

    /**
     * Puts a batch back where it was.
     *
     * @return whether the lock was still held
     */
    private boolean giveBack(String lockToken) {
        boolean available = false;
        synchronized (this) {
            Locked batch = locked.remove(lockToken);
            if (batch == null) {
                return false;
            }
            batch.end.cancel();
            List<Entry> entries = batch.entries;
            for (int i = entries.size() - 1; i >= 0; i--) {
                if (entries.get(i).deliveries < options.maxDeliveryCount()) {
                    waiting.addFirst(entries.get(i));
                    available = true;
                }
            }
        }
        if (available) {
            tellListeners();
        }
        return true;
    }

    private void dropOld() {
        Instant oldest = clock.instant().minus(options.timeToLive());
        for (Iterator<Entry> it = waiting.iterator(); it.hasNext(); ) {
            if (it.next().enqueued.isAfter(oldest)) {
                return; // in order of age, but for batches given back; those are older
            }
            it.remove();
        }
    }

    private void tellListeners() {
        listeners.forEach(Runnable::run);
    }
}
