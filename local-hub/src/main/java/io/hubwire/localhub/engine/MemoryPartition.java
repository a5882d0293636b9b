package io.hubwire.localhub.engine;

import io.hubwire.localhub.engine.EventLog.Incoming;
import io.hubwire.localhub.engine.EventLog.PartitionInfo;
import io.hubwire.localhub.engine.EventLog.Start;
import io.hubwire.localhub.engine.EventLog.Stored;
import io.hubwire.protocol.Message;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * One partition in memory: a ring that grows with what it holds and forgets from its old end when events get too old or
 * too many. Sequence number n sits at {@code n mod capacity}. Its lock is a leaf, held for an append or a page.
 */
final class MemoryPartition implements EventPartition {
    private static final int INITIAL_CAPACITY = 256;
    /** What an event costs beside its body and texts: objects, maps, the slot. An estimate. */
    private static final int OVERHEAD = 400;

    private final int number;
    private final EngineOptions.Events options;
    private final Clock clock;
    private final long retentionMillis;

    private @Nullable Stored[] ring = new Stored[INITIAL_CAPACITY];
    private long first;
    private long next;
    private long nextOffset;
    private String lastOffset = "-1";
    private long bytes;
    private long lastMillis;

    MemoryPartition(int number, EngineOptions.Events options, Clock clock) {
        this.number = number;
        this.options = options;
        this.clock = clock;
        this.retentionMillis = options.retention().toMillis();
    }

    @Override
    public synchronized Stored append(Incoming event) {
        // the wall clock may step back; a partition's times do not
        lastMillis = Math.max(lastMillis, clock.millis());
        int size = size(event.message());
        lastOffset = Long.toString(nextOffset);
        Stored stored = new Stored(
                number,
                next,
                lastOffset,
                Instant.ofEpochMilli(lastMillis),
                event.source(),
                event.message(),
                event.annotations());
        bytes += size;
        nextOffset += size;
        forgetOld();
        if (next - first == ring.length) {
            grow();
        }
        ring[slot(next++)] = stored;
        return stored;
    }

    @Override
    public synchronized List<Stored> read(long from, int max) {
        forgetOld();
        long start = Math.max(from, first);
        int count = (int) Math.max(0, Math.min(max, next - start));
        List<Stored> page = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            page.add(at(start + i));
        }
        return page;
    }

    @Override
    public synchronized long resolve(Start start) {
        forgetOld();
        if (start instanceof Start.Latest) {
            return next;
        }
        if (start instanceof Start.Offset offset) {
            long value = EventPartition.offset(offset.offset());
            return firstWhere(n -> {
                long at = Long.parseLong(at(n).offset());
                return offset.inclusive() ? at >= value : at > value;
            });
        }
        if (start instanceof Start.SequenceNumber sequence) {
            long wanted = sequence.inclusive() ? sequence.number() : sequence.number() + 1;
            return Math.min(Math.max(wanted, first), next);
        }
        if (start instanceof Start.Time time) {
            return firstWhere(n -> at(n).enqueuedTime().isAfter(time.after()));
        }
        return first;
    }

    @Override
    public synchronized PartitionInfo info() {
        forgetOld();
        if (next == 0) {
            return new PartitionInfo(number, 0, -1, lastOffset, null);
        }
        return new PartitionInfo(number, first, next - 1, lastOffset, Instant.ofEpochMilli(lastMillis));
    }

    /** The first event that passes, or the end; events before it must all fail and those after it all pass. */
    private long firstWhere(LongPredicate passes) {
        long low = first;
        long high = next;
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (passes.test(middle)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    private void forgetOld() {
        long oldest = clock.millis() - retentionMillis;
        while (first < next
                && (bytes > options.maxBytes() || at(first).enqueuedTime().toEpochMilli() < oldest)) {
            bytes -= size(at(first).message());
            ring[slot(first++)] = null;
        }
    }

    private void grow() {
        @Nullable Stored[] bigger = new Stored[ring.length * 2];
        for (long n = first; n < next; n++) {
            bigger[(int) (n % bigger.length)] = ring[slot(n)];
        }
        ring = bigger;
    }

    private Stored at(long sequenceNumber) {
        Stored stored = ring[slot(sequenceNumber)];
        if (stored == null) {
            throw new IllegalStateException("no event " + sequenceNumber + " in partition " + number);
        }
        return stored;
    }

    private int slot(long sequenceNumber) {
        return (int) (sequenceNumber % ring.length);
    }

    /** Roughly what the event takes in memory, without encoding anything. */
    private static int size(Message message) {
        int size = OVERHEAD + message.bodyLength();
        for (Map.Entry<String, @Nullable String> property : message.properties().entrySet()) {
            String value = property.getValue();
            size += property.getKey().length() + (value == null ? 0 : value.length());
        }
        for (String value : message.system().values()) {
            size += value == null ? 0 : value.length();
        }
        return size;
    }
}
