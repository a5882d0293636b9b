package io.hubwire.localhub.engine;

import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The built-in endpoint's log: partitions, in order per device, bounded by retention (amqp 4 and 5). Sequence numbers of a
 * partition start at 0 and rise by one.
 */
public interface EventLog {
    /**
     * An event to be stored.
     *
     * @param source who sent it; the hub writes it over what the message claims
     * @param annotations what the hub adds, by annotation name: {@code iothub-connection-auth-method} and so on; values are
     *     {@link String} or {@link Instant}
     */
    record Incoming(Identity source, Message message, Map<String, Object> annotations) {
        public Incoming {
            annotations = Map.copyOf(annotations); // costs nothing when it is immutable already
        }
    }

    /**
     * An event in the log.
     *
     * @param offset opaque text to a reader; decimal digits, rising
     * @param enqueuedTime whole milliseconds
     */
    record Stored(
            int partition,
            long sequenceNumber,
            String offset,
            Instant enqueuedTime,
            Identity source,
            Message message,
            Map<String, Object> annotations) {}

    /** What a reader may know of a partition; {@code lastSequenceNumber} -1 and {@code lastOffset} "-1" when empty. */
    record PartitionInfo(
            int partition,
            long firstSequenceNumber,
            long lastSequenceNumber,
            String lastOffset,
            @Nullable Instant lastEnqueuedTime) {}

    /** Where a reader starts. */
    sealed interface Start {
        record Earliest() implements Start {}

        /** Only what comes after this call. */
        record Latest() implements Start {}

        /**
         * From the event at this offset on.
         *
         * @param inclusive whether the event itself is wanted
         */
        record Offset(String offset, boolean inclusive) implements Start {}

        record SequenceNumber(long number, boolean inclusive) implements Start {}

        /** Events enqueued after this time. */
        record Time(Instant after) implements Start {}
    }

    /** How many partitions there are; fixed for the life of the hub. */
    int partitions();

    /**
     * Stores an event. When this returns in a hub without a data folder the event is readable; with one, {@code durable}
     * is run when the event is on disk, from any thread and in order of the calls of one device.
     *
     * @param durable run exactly once; may run before this method returns
     */
    Stored append(Incoming event, Runnable durable);

    /** The sequence number a reader with this start would read first; evaluated now. */
    long resolve(int partition, Start start);

    /** Events from {@code fromSequenceNumber} on, at most {@code max}; earlier ones that retention removed are skipped. */
    List<Stored> read(int partition, long fromSequenceNumber, int max);

    PartitionInfo info(int partition);

    /**
     * Runs {@code listener} after each append to the partition, on the appender's thread.
     *
     * @return ends it when closed
     */
    AutoCloseable onAppend(int partition, Runnable listener);
}
