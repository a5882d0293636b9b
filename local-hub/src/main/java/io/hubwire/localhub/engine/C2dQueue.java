package io.hubwire.localhub.engine;

import io.hubwire.localhub.engine.C2dQueues.Delivery;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.Message;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The life of one identity's messages, without threads or time of its own. Source: device-http 4.
 *
 * <pre>
 *             | next        | complete  | abandon              | reject   | release  | lock runs out | expires   | purge
 * Enqueued    | Invisible   | 412002    | 412002               | 412002   | -        | -             | Expired   | Purged
 * Invisible   | passed over | Success   | Enqueued, count + 1; | Rejected | Enqueued | Enqueued, or  | when the  | Purged
 *             |             |           | or DeliveryCount-    |          |          | Expired if    | lock runs |
 *             |             |           | Exceeded             |          |          | overdue       | out       |
 * </pre>
 *
 * A word in capitals that is not a state is the message's end and its feedback. Not thread-safe: its owner locks.
 */
final class C2dQueue {
    /** How a message ended, as feedback spells it. */
    enum End {
        SUCCESS("Success", "Success"),
        EXPIRED("Expired", "The message expired before the device completed it"),
        DELIVERY_COUNT_EXCEEDED("DeliveryCountExceeded", "The device abandoned the message too often"),
        REJECTED("Rejected", "The device rejected the message"),
        PURGED("Purged", "The device's queue was purged");

        private final String statusCode;
        private final String description;

        End(String statusCode, String description) {
            this.statusCode = statusCode;
            this.description = description;
        }

        String statusCode() {
            return statusCode;
        }

        String description() {
            return description;
        }
    }

    /** A message that left the queue. */
    record Ended(Entry entry, End end) {}

    /** A message in the queue. */
    static final class Entry {
        private final long sequenceNumber;
        private final Message message;
        private final String generationId;
        private final Instant enqueued;
        private final Instant expires;
        private int deliveryCount;
        private boolean redelivered;
        private long storedVersion = 1;
        private @Nullable Lock lock;

        Entry(long sequenceNumber, Message message, String generationId, Instant enqueued, Instant expires) {
            this.sequenceNumber = sequenceNumber;
            this.message = message;
            this.generationId = generationId;
            this.enqueued = enqueued;
            this.expires = expires;
        }

        Message message() {
            return message;
        }

        /** Of the identity it was sent to. */
        String generationId() {
            return generationId;
        }

        /** The store's entry as it was when the hub ended; locks end with a hub. */
        Entry restored(int deliveries, long version) {
            deliveryCount = deliveries;
            storedVersion = version;
            return this;
        }

        long sequenceNumber() {
            return sequenceNumber;
        }

        Instant enqueued() {
            return enqueued;
        }

        Instant expires() {
            return expires;
        }

        int deliveryCount() {
            return deliveryCount;
        }

        /** Of its document in the store; kept by whoever changes that. */
        long storedVersion() {
            return storedVersion;
        }

        void storedAgain() {
            storedVersion++;
        }

        private boolean overdue(Instant now) {
            return !expires.isAfter(now);
        }

        /** When something happens to it on its own. */
        private Instant deadline() {
            return lock != null ? lock.until : expires;
        }
    }

    private record Lock(String token, Object owner, Instant until) {}

    private final EngineOptions.C2d options;
    private final TreeMap<Long, Entry> entries = new TreeMap<>();
    private final List<Entry> counted = new ArrayList<>();
    private long lastSequenceNumber;

    C2dQueue(EngineOptions.C2d options) {
        this.options = options;
    }

    /**
     * Takes a message in.
     *
     * @throws HubException 403004 when the queue is full
     */
    Entry add(Message message, String generationId, Instant now, Instant expires) {
        if (entries.size() >= options.maxMessages()) {
            throw new HubException(
                    HubError.DEVICE_MAXIMUM_QUEUE_DEPTH_EXCEEDED,
                    "Device Queue depth cannot exceed " + options.maxMessages() + " messages");
        }
        long number = ++lastSequenceNumber;
        Entry entry = new Entry(number, message, generationId, now, expires);
        entries.put(number, entry);
        return entry;
    }

    /** Takes in what the store has. */
    void restore(Entry entry) {
        entries.put(entry.sequenceNumber, entry);
        lastSequenceNumber = Math.max(lastSequenceNumber, entry.sequenceNumber);
    }

    /** Takes one out without an end. */
    void remove(Entry entry) {
        entries.remove(entry.sequenceNumber);
    }

    /** Takes all out without an end. */
    List<Entry> clear() {
        List<Entry> all = List.copyOf(entries.values());
        entries.clear();
        return all;
    }

    /** Messages still here whose delivery count has changed since the last call. */
    List<Entry> takeCounted() {
        List<Entry> changed = List.copyOf(counted);
        counted.clear();
        return changed;
    }

    /** Locks the first message that is not locked and was queued at {@code notBefore} or later. Call {@link #sweep} first. */
    Optional<Delivery> next(Object owner, Instant now, Instant notBefore, String lockToken) {
        for (Entry entry : entries.values()) {
            if (entry.lock == null && !entry.enqueued.isBefore(notBefore)) {
                Lock lock = new Lock(lockToken, owner, now.plus(options.lock()));
                Delivery delivery = new Delivery(
                        lockToken,
                        entry.sequenceNumber,
                        entry.deliveryCount,
                        entry.redelivered,
                        entry.message,
                        entry.enqueued,
                        lock.until);
                entry.lock = lock;
                entry.redelivered = true;
                return Optional.of(delivery);
            }
        }
        return Optional.empty();
    }

    /**
     * Done.
     *
     * @throws HubException 412002
     */
    Ended complete(String lockToken) {
        return end(locked(lockToken), End.SUCCESS);
    }

    /**
     * Dead lettered.
     *
     * @throws HubException 412002
     */
    Ended reject(String lockToken) {
        return end(locked(lockToken), End.REJECTED);
    }

    /**
     * Back into the queue, counted.
     *
     * @return the message's end if this was one abandon too many
     * @throws HubException 412002
     */
    Optional<Ended> abandon(String lockToken) {
        Entry entry = locked(lockToken);
        entry.lock = null;
        return counted(entry);
    }

    /**
     * Gives back all that this owner holds.
     *
     * @return whether there was any
     */
    boolean release(Object owner) {
        boolean any = false;
        for (Entry entry : entries.values()) {
            if (entry.lock != null && entry.lock.owner == owner) {
                entry.lock = null;
                any = true;
            }
        }
        return any;
    }

    List<Ended> purge() {
        return endAll(entry -> true, End.PURGED);
    }

    /**
     * Ends locks and lives that are over.
     *
     * @param ended gets the messages that expired, or were handed out too often
     * @return whether a message can be handed out again because its lock ran out
     */
    boolean sweep(Instant now, List<Ended> ended) {
        List<Entry> unlocked = new ArrayList<>();
        for (Entry entry : entries.values()) {
            if (entry.lock != null && !entry.lock.until.isAfter(now)) {
                entry.lock = null;
                unlocked.add(entry);
            }
        }
        if (options.countLockTimeouts()) {
            unlocked.forEach(entry -> counted(entry).ifPresent(ended::add));
        }
        ended.addAll(endAll(entry -> entry.lock == null && entry.overdue(now), End.EXPIRED));
        return unlocked.stream().anyMatch(entry -> entries.containsKey(entry.sequenceNumber));
    }

    /** When {@link #sweep} will next have something to do. */
    Optional<Instant> nextDeadline() {
        return entries.values().stream().map(Entry::deadline).min(Comparator.naturalOrder());
    }

    int size() {
        return entries.size();
    }

    private Entry locked(String lockToken) {
        for (Entry entry : entries.values()) {
            if (entry.lock != null && entry.lock.token.equals(lockToken)) {
                return entry;
            }
        }
        throw lockLost(lockToken);
    }

    static HubException lockLost(String lockToken) {
        return new HubException(
                HubError.DEVICE_MESSAGE_LOCK_LOST,
                "The lock [" + lockToken + "] is not held: it ran out, or the message is gone");
    }

    private Optional<Ended> counted(Entry entry) {
        entry.deliveryCount++;
        if (entry.deliveryCount >= options.maxDeliveryCount()) {
            return Optional.of(end(entry, End.DELIVERY_COUNT_EXCEEDED));
        }
        counted.add(entry);
        return Optional.empty();
    }

    private Ended end(Entry entry, End end) {
        entries.remove(entry.sequenceNumber);
        return new Ended(entry, end);
    }

    private List<Ended> endAll(Predicate<Entry> which, End end) {
        List<Ended> ended = new ArrayList<>();
        for (Iterator<Entry> it = entries.values().iterator(); it.hasNext(); ) {
            Entry entry = it.next();
            if (which.test(entry)) {
                it.remove();
                ended.add(new Ended(entry, end));
            }
        }
        return ended;
    }
}
