package io.hubwire.localhub.engine;

import io.hubwire.localhub.store.log.RecordLog;
import io.hubwire.localhub.store.log.Sync;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The event log over its partitions, in memory or on disk. */
final class PartitionedEventLog implements EventLog, AutoCloseable {
    /** Small enough that retention has something to delete, large enough that files stay few. */
    private static final int LARGEST_SEGMENT = 16 << 20;

    private final List<? extends EventPartition> partitions;
    private final List<List<Runnable>> listeners = new ArrayList<>();
    private final List<RecordLog> logs;
    private final @Nullable GroupForce force;

    private PartitionedEventLog(
            List<? extends EventPartition> partitions, List<RecordLog> logs, @Nullable GroupForce force) {
        this.partitions = partitions;
        this.logs = logs;
        this.force = force;
        partitions.forEach(partition -> listeners.add(new CopyOnWriteArrayList<>()));
    }

    /**
     * The log that the options ask for.
     *
     * @throws io.hubwire.localhub.store.log.LogException when a folder cannot be used
     */
    static PartitionedEventLog open(EngineOptions.Events options, Clock clock) {
        EngineOptions.Events.Disk disk = options.disk();
        return disk == null ? inMemory(options, clock) : inFolder(options, disk, clock);
    }

    private static PartitionedEventLog inMemory(EngineOptions.Events options, Clock clock) {
        List<MemoryPartition> partitions = new ArrayList<>();
        for (int i = 0; i < options.partitions(); i++) {
            partitions.add(new MemoryPartition(i, options, clock));
        }
        return new PartitionedEventLog(partitions, List.of(), null);
    }

    private static PartitionedEventLog inFolder(
            EngineOptions.Events options, EngineOptions.Events.Disk disk, Clock clock) {
        List<RecordLog> logs = new ArrayList<>();
        List<FilePartition> partitions = new ArrayList<>();
        int segment = (int) Math.min(LARGEST_SEGMENT, Math.max(1, options.maxBytes() / 8));
        try {
            for (int i = 0; i < options.partitions(); i++) {
                Path folder = disk.folder().resolve(Integer.toString(i));
                RecordLog log = RecordLog.open(folder, segment, disk.sync(), disk.incidents());
                logs.add(log);
                partitions.add(new FilePartition(i, options, clock, log));
            }
        } catch (RuntimeException e) {
            closeAll(logs, e);
            throw e;
        }
        return new PartitionedEventLog(partitions, logs, disk.sync() == Sync.MACHINE ? new GroupForce() : null);
    }

    @Override
    public int partitions() {
        return partitions.size();
    }

    @Override
    public Stored append(Incoming event, Runnable durable) {
        int partition = PartitionHash.partition(event.source().deviceId(), partitions.size());
        Stored stored = partitions.get(partition).append(event);
        if (force == null) {
            durable.run();
        } else {
            force.later(logs.get(partition), stored.sequenceNumber(), durable);
        }
        for (Runnable listener : listeners.get(partition)) {
            listener.run();
        }
        return stored;
    }

    @Override
    public long resolve(int partition, Start start) {
        return partitions.get(partition).resolve(start);
    }

    @Override
    public List<Stored> read(int partition, long fromSequenceNumber, int max) {
        return partitions.get(partition).read(fromSequenceNumber, max);
    }

    @Override
    public PartitionInfo info(int partition) {
        return partitions.get(partition).info();
    }

    @Override
    public AutoCloseable onAppend(int partition, Runnable listener) {
        listeners.get(partition).add(listener);
        return () -> listeners.get(partition).remove(listener);
    }

    /** Lets go of the files. What is appended later is refused. Idempotent. */
    @Override
    public void close() {
        if (force != null) {
            force.close();
        }
        IllegalStateException failure = new IllegalStateException("the event log did not close");
        closeAll(logs, failure);
        if (failure.getSuppressed().length > 0) {
            throw failure;
        }
    }

    private static void closeAll(List<RecordLog> logs, RuntimeException cause) {
        for (RecordLog log : logs) {
            try {
                log.close();
            } catch (IOException e) {
                cause.addSuppressed(e);
            }
        }
    }
}
