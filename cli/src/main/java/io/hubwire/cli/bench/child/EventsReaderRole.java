package io.hubwire.cli.bench.child;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.auth.TlsTrust;
import io.hubwire.cli.bench.load.Footprint;
import io.hubwire.events.AmqpSettings;
import io.hubwire.events.Event;
import io.hubwire.events.EventStream;
import io.hubwire.events.EventStreamOptions;
import io.hubwire.events.StartPosition;
import io.hubwire.protocol.json.Json;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;

/** One reader for each partition: a connection and a thread apiece. */
final class EventsReaderRole implements Role {
    /** Nothing for so long: something is missing. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final int LONGEST_MILLIS = 60_000;
    private static final double NANOS_PER_SECOND = 1e9;

    private final Clock clock;
    private final LongSupplier nanoTime;
    private final List<EventStream> streams = new ArrayList<>();
    /** Taken, by milliseconds since the hub had it. */
    private AtomicLongArray ages = new AtomicLongArray(LONGEST_MILLIS + 1);

    EventsReaderRole(Clock clock, LongSupplier nanoTime) {
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    @Override
    public ObjectNode answer(JsonNode request) throws Exception {
        return switch (request.path("do").asText()) {
            case "open" -> open(request);
            case "take" -> take(request.path("count").asLong());
            case "usage" ->
                Json.object()
                        .put("cpuNanos", Footprint.cpuNanos())
                        .put("heapBytes", Footprint.heapBytes())
                        .put("residentBytes", Footprint.residentBytes());
            case "close" -> {
                close();
                yield Json.object();
            }
            default -> throw Role.unknown(request);
        };
    }

    private ObjectNode open(JsonNode request) {
        EventStreamOptions options = EventStreamOptions.parse(
                        request.path("connectionString").asText())
                .settings(AmqpSettings.defaults()
                        .port(request.path("port").asInt())
                        .trust(TlsTrust.pem(Path.of(request.path("caFile").asText()))))
                .from(
                        request.path("from").asText().equals("earliest")
                                ? StartPosition.earliest()
                                : StartPosition.latest());
        for (int partition = 0; partition < request.path("partitions").asInt(); partition++) {
            streams.add(EventStream.open(options.partitions(Set.of(String.valueOf(partition)))));
        }
        return Json.object().put("readers", streams.size());
    }

    /** Takes so many from all together; fails when one is missing, comes twice or out of order. */
    private ObjectNode take(long count) throws Exception {
        ages = new AtomicLongArray(LONGEST_MILLIS + 1);
        AtomicLong left = new AtomicLong(count);
        long cpu = Footprint.cpuNanos();
        long start = nanoTime.getAsLong();
        ExecutorService threads = Executors.newFixedThreadPool(streams.size());
        try {
            List<Callable<Long>> readers = new ArrayList<>();
            streams.forEach(stream -> readers.add(() -> read(stream, left)));
            long taken = 0;
            for (Future<Long> reader : threads.invokeAll(readers)) {
                taken += reader.get();
            }
            double seconds = (nanoTime.getAsLong() - start) / NANOS_PER_SECOND;
            return Json.object()
                    .put("events", taken)
                    .put("perSecond", taken / seconds)
                    .put("seconds", seconds)
                    .put("cpuMicros", (Footprint.cpuNanos() - cpu) / 1e3 / taken)
                    .put("p50Millis", age(taken, 0.5))
                    .put("p99Millis", age(taken, 0.99))
                    .put("maxMillis", age(taken, 1));
        } finally {
            threads.shutdownNow();
        }
    }

    private long read(EventStream stream, AtomicLong left) {
        long expected = -1;
        long taken = 0;
        Duration slice = Duration.ofMillis(100);
        for (int idle = 0; left.get() > 0; ) {
            Event event = stream.next(slice).orElse(null);
            if (event == null) {
                if (++idle * slice.toMillis() > PATIENCE.toMillis()) {
                    throw new IllegalStateException("no event for " + PATIENCE + "; " + left + " are missing");
                }
                continue;
            }
            if (expected >= 0 && event.sequenceNumber() != expected) {
                throw new IllegalStateException("wanted sequence number " + expected + ", got " + event);
            }
            expected = event.sequenceNumber() + 1;
            idle = 0;
            taken++;
            long age = clock.millis() - event.enqueuedTime().toEpochMilli();
            ages.incrementAndGet((int) Math.max(0, Math.min(LONGEST_MILLIS, age)));
            left.decrementAndGet();
        }
        return taken;
    }

    private long age(long taken, double quantile) {
        long wanted = (long) Math.ceil(taken * quantile);
        int millis = -1;
        for (long seen = 0; seen < wanted; ) {
            seen += ages.get(++millis);
        }
        return millis;
    }

    @Override
    public void close() {
        streams.forEach(EventStream::close);
        streams.clear();
    }
}
