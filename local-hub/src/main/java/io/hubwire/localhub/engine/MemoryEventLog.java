package io.hubwire.localhub.engine;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** The event log of a hub without a data folder: an event is as durable as it gets when {@link #append} returns. */
final class MemoryEventLog implements EventLog {
    private final List<EventPartition> partitions = new ArrayList<>();
    private final List<List<Runnable>> listeners = new ArrayList<>();

    MemoryEventLog(EngineOptions.Events options, Clock clock) {
        for (int i = 0; i < options.partitions(); i++) {
            partitions.add(new EventPartition(i, options, clock));
            listeners.add(new CopyOnWriteArrayList<>());
        }
    }

    @Override
    public int partitions() {
        return partitions.size();
    }

    @Override
    public Stored append(Incoming event, Runnable durable) {
        int partition = PartitionHash.partition(event.source().deviceId(), partitions.size());
        Stored stored = partitions.get(partition).append(event);
        durable.run();
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
}
