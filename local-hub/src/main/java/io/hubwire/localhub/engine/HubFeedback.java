package io.hubwire.localhub.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.store.Documents;
import io.hubwire.localhub.store.Documents.Document;
import io.hubwire.localhub.store.Store;
import io.hubwire.protocol.json.Json;
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
import java.util.concurrent.atomic.AtomicLong;

/**
 * Feedback records, first in first out, in memory and in the store. A batch that is not settled while its lock lasts comes
 * back, in its old place; a record handed out too often, or too old, is dropped. How often it was handed out is not
 * stored. Its lock is a leaf; listeners run, and the store is asked, without it.
 */
final class HubFeedback implements FeedbackQueue {
    static final String FEEDBACK = "feedback";
    static final String FILE_NOTICE = "fileNotice";
    private static final int MAX_BATCH = 64;
    /** Beyond this the oldest go: about 30 MB, and nobody is reading. */
    private static final int MAX_RECORDS = 100_000;

    private static final int PAGE = 500;

    private final EngineOptions.Feedback options;
    private final Store store;
    private final String kind;
    private final Clock clock;
    private final Timer timer;
    private final Ids ids;
    private final AtomicLong lastNumber = new AtomicLong();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final Deque<Entry> waiting = new ArrayDeque<>();
    private final Map<String, Locked> locked = new HashMap<>();

    /** @param kind of its documents in the store */
    HubFeedback(EngineOptions.Feedback options, Store store, String kind, Clock clock, Timer timer, Ids ids) {
        this.options = options;
        this.store = store;
        this.kind = kind;
        this.clock = clock;
        this.timer = timer;
        this.ids = ids;
    }

    /** A record that is in the store. */
    static final class Entry {
        private final long number;
        private final ObjectNode record;
        private final Instant enqueued;
        private int deliveries;

        private Entry(long number, ObjectNode record, Instant enqueued) {
            this.number = number;
            this.record = record;
            this.enqueued = enqueued;
        }
    }

    private record Locked(List<Entry> entries, Timer.Scheduled end) {}

    @Override
    public void add(ObjectNode record) {
        Entry entry = store.inTransaction(documents -> store(documents, record));
        publish(List.of(entry));
    }

    /**
     * Has a record stored in a transaction of somebody else's.
     *
     * @return to be made known by {@link #publish} once that is committed
     */
    Entry store(Documents documents, ObjectNode record) {
        Entry entry = new Entry(lastNumber.incrementAndGet(), record.deepCopy(), clock.instant());
        ObjectNode body = Json.object().put("enqueued", entry.enqueued.toString());
        body.set("record", entry.record);
        documents.insert(kind, Numbered.id(entry.number), Json.write(body));
        return entry;
    }

    void publish(List<Entry> entries) {
        List<Entry> gone = new ArrayList<>();
        synchronized (this) {
            dropOld(gone);
            for (Entry entry : entries) {
                if (waiting.size() >= MAX_RECORDS) {
                    gone.add(waiting.removeFirst());
                }
                waiting.addLast(entry);
            }
        }
        forget(gone);
        tellListeners();
    }

    /** Takes in what the store has. @return how many records */
    synchronized int restore() {
        int before = waiting.size();
        String after = null;
        for (List<Document> page = store.scan(kind, "", after, PAGE);
                !page.isEmpty();
                page = store.scan(kind, "", after, PAGE)) {
            for (Document document : page) {
                after = document.id();
                ObjectNode body = Json.parseObject(kind, document.body());
                long number = Numbered.number(document.id());
                waiting.addLast(new Entry(
                        number,
                        (ObjectNode) body.path("record"),
                        Instant.parse(body.path("enqueued").asText())));
                lastNumber.set(number);
            }
        }
        return waiting.size() - before;
    }

    @Override
    public Optional<Batch> next(int max) {
        if (max < 1 || max > MAX_BATCH) {
            throw new IllegalArgumentException("max [" + max + "] must be 1 to " + MAX_BATCH);
        }
        List<Entry> gone = new ArrayList<>();
        Optional<Batch> batch = take(max, gone);
        forget(gone);
        return batch;
    }

    private synchronized Optional<Batch> take(int max, List<Entry> gone) {
        dropOld(gone);
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
    public void complete(String lockToken) {
        forget(unlock(lockToken));
    }

    @Override
    public void abandon(String lockToken) {
        if (!giveBack(lockToken)) {
            throw C2dQueue.lockLost(lockToken);
        }
    }

    @Override
    public void reject(String lockToken) {
        forget(unlock(lockToken));
    }

    @Override
    public AutoCloseable onAvailable(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** The device is no more: what it had to say is dropped (service-rest 13.4). */
    void forgetDevice(String deviceId) {
        List<Entry> gone = new ArrayList<>();
        synchronized (this) {
            for (Iterator<Entry> it = waiting.iterator(); it.hasNext(); ) {
                Entry entry = it.next();
                if (entry.record.path("deviceId").asText().equals(deviceId)) {
                    it.remove();
                    gone.add(entry);
                }
            }
        }
        forget(gone);
    }

    /** Forgets the timer tasks. */
    synchronized void stop() {
        locked.values().forEach(batch -> batch.end.cancel());
    }

    private synchronized List<Entry> unlock(String lockToken) {
        Locked batch = locked.remove(lockToken);
        if (batch == null) {
            throw C2dQueue.lockLost(lockToken);
        }
        batch.end.cancel();
        return batch.entries;
    }

    /**
     * Puts a batch back where it was.
     *
     * @return whether the lock was still held
     */
    private boolean giveBack(String lockToken) {
        boolean available = false;
        List<Entry> gone = new ArrayList<>();
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
                } else {
                    gone.add(entries.get(i));
                }
            }
        }
        forget(gone);
        if (available) {
            tellListeners();
        }
        return true;
    }

    private void dropOld(List<Entry> gone) {
        Instant oldest = clock.instant().minus(options.timeToLive());
        for (Iterator<Entry> it = waiting.iterator(); it.hasNext(); ) {
            Entry entry = it.next();
            if (entry.enqueued.isAfter(oldest)) {
                return; // in order of age, but for batches given back; those are older
            }
            it.remove();
            gone.add(entry);
        }
    }

    private void forget(List<Entry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        store.inTransaction(documents -> {
            for (Entry entry : entries) {
                documents.delete(kind, Numbered.id(entry.number), 1);
            }
            return entries;
        });
    }

    private void tellListeners() {
        listeners.forEach(Runnable::run);
    }
}
