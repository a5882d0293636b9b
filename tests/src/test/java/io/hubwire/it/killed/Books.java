package io.hubwire.it.killed;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** What was asked of the hub, and what it has acknowledged. Thread-safe. */
final class Books {
    /** {@code device/number} of events with a PUBACK. */
    final Set<String> events = ConcurrentHashMap.newKeySet();

    /** Devices whose creation, or whose deletion, was answered with success; never both. */
    final Set<String> created = ConcurrentHashMap.newKeySet();

    final Set<String> deleted = ConcurrentHashMap.newKeySet();

    /** Message ids of C2D that was accepted, and of C2D whose completion was. */
    final Set<String> c2dAccepted = ConcurrentHashMap.newKeySet();

    final Set<String> c2dCompleted = ConcurrentHashMap.newKeySet();

    /** All that was ever handed out, as often as it was handed out. */
    final Map<String, AtomicLong> c2dSeen = new ConcurrentHashMap<>();

    /** Handed out after its completion had been acknowledged: must stay empty. */
    final Set<String> c2dSeenAgain = ConcurrentHashMap.newKeySet();

    final Counter reported = new Counter();
    final Counter tags = new Counter();

    /** A property that only rises: the last value sent, and the last one acknowledged. */
    static final class Counter {
        private final AtomicLong sent = new AtomicLong();
        private final AtomicLong acknowledged = new AtomicLong();

        long next() {
            return sent.incrementAndGet();
        }

        void acknowledge(long value) {
            acknowledged.accumulateAndGet(value, Math::max);
        }

        long sent() {
            return sent.get();
        }

        long acknowledged() {
            return acknowledged.get();
        }
    }

    void seen(String messageId) {
        c2dSeen.computeIfAbsent(messageId, id -> new AtomicLong()).incrementAndGet();
        if (c2dCompleted.contains(messageId)) {
            c2dSeenAgain.add(messageId);
        }
    }

    @Override
    public String toString() {
        return events.size() + " events, " + reported.acknowledged() + " reported and " + tags.acknowledged()
                + " tag updates, " + created.size() + " devices created and " + deleted.size() + " deleted, "
                + c2dAccepted.size() + " C2D accepted and " + c2dCompleted.size() + " completed";
    }
}
