package io.hubwire.localhub.engine;

import io.hubwire.localhub.engine.EventLog.Incoming;
import io.hubwire.localhub.engine.EventLog.PartitionInfo;
import io.hubwire.localhub.engine.EventLog.Start;
import io.hubwire.localhub.engine.EventLog.Stored;
import io.hubwire.localhub.store.log.Record;
import io.hubwire.localhub.store.log.RecordLog;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A partition on disk; nothing but the log's sparse index is in memory. Events that are too old are passed over at once;
 * their bytes go with the file they are in.
 */
final class FilePartition implements EventPartition {
    private final int number;
    private final EngineOptions.Events options;
    private final Clock clock;
    private final RecordLog log;
    private final long retentionMillis;
    private long first;
    /** When the event at {@link #first} becomes too old; until then there is nothing to look for. */
    private long firstEnds;

    FilePartition(int number, EngineOptions.Events options, Clock clock, RecordLog log) {
        this.number = number;
        this.options = options;
        this.clock = clock;
        this.log = log;
        this.retentionMillis = options.retention().toMillis();
    }

    @Override
    public Stored append(Incoming event) {
        Record record = log.append(clock.millis(), EventCodec.encode(event));
        if (log.bytes() > options.maxBytes()) {
            log.deleteOldest((lastMillis, allBytes) -> allBytes > options.maxBytes());
        }
        return stored(record, event);
    }

    @Override
    public List<Stored> read(long from, int max) {
        return log.read(Math.max(from, first()), max).stream()
                .map(record -> stored(record, EventCodec.decode(record.payload())))
                .toList();
    }

    @Override
    public long resolve(Start start) {
        long least = first();
        long next = log.nextSequence();
        if (start instanceof Start.Latest) {
            return next;
        }
        if (start instanceof Start.Offset offset) {
            long value = EventPartition.offset(offset.offset());
            return from(log.firstAtOffset(offset.inclusive() ? value : value + 1), least, next);
        }
        if (start instanceof Start.SequenceNumber sequence) {
            long wanted = sequence.inclusive() ? sequence.number() : sequence.number() + 1;
            return Math.min(Math.max(wanted, least), next);
        }
        if (start instanceof Start.Time time) {
            return from(log.firstAtMillis(time.after().toEpochMilli() + 1), least, next);
        }
        return least;
    }

    private static long from(Optional<Record> found, long least, long next) {
        return found.map(record -> Math.max(record.sequence(), least)).orElse(next);
    }

    @Override
    public PartitionInfo info() {
        long next = log.nextSequence();
        if (next == 0) {
            return new PartitionInfo(number, 0, -1, "-1", null);
        }
        return new PartitionInfo(
                number, first(), next - 1, Long.toString(log.lastOffset()), Instant.ofEpochMilli(log.lastMillis()));
    }

    /** The sequence number of the oldest event that may still be read, or of the next one. */
    private synchronized long first() {
        long now = clock.millis();
        if (now < firstEnds) {
            return Math.max(first, log.firstSequence());
        }
        long oldest = now - retentionMillis;
        if (log.lastMillis() < oldest) {
            log.roll(); // so that the newest file may go too
        }
        log.deleteOldest((lastMillis, allBytes) -> lastMillis < oldest);
        Optional<Record> found = log.firstAtMillis(oldest);
        first = found.map(Record::sequence).orElseGet(log::nextSequence);
        firstEnds = found.map(record -> record.millis() + retentionMillis + 1).orElse(0L);
        return first;
    }

    private Stored stored(Record record, Incoming event) {
        return new Stored(
                number,
                record.sequence(),
                Long.toString(record.offset()),
                Instant.ofEpochMilli(record.millis()),
                event.source(),
                event.message(),
                event.annotations());
    }
}
