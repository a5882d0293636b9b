package io.hubwire.cli.bench.child;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.cli.bench.load.Footprint;
import io.hubwire.localhub.LocalHub;
import io.hubwire.localhub.LocalHubOptions;
import io.hubwire.localhub.engine.EventLog;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.json.Json;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** A local hub with a data folder, whose event log is filled without a device in between. */
final class EventsHubRole implements Role {
    private static final int DEVICES = 64;
    private static final long DURABLE_WITHIN_SECONDS = 60;
    private static final double NANOS_PER_SECOND = 1e9;

    private final ScratchFolder folder = ScratchFolder.create();
    private final LocalHub hub = LocalHub.start(LocalHubOptions.builder()
            .data(LocalHubOptions.Data.in(folder.path().resolve("data")))
            .build());
    private final LongSupplier nanoTime;
    private final RandomGenerator random;

    EventsHubRole(LongSupplier nanoTime, RandomGenerator random) {
        this.nanoTime = nanoTime;
        this.random = random;
    }

    @Override
    public ObjectNode answer(JsonNode request) throws Exception {
        return switch (request.path("do").asText()) {
            case "facts" ->
                Json.object()
                        .put("port", hub.amqpPort())
                        .put("caFile", hub.caFile().toString())
                        .put("connectionString", hub.eventHubConnectionString());
            case "store" -> store(request);
            case "usage" ->
                Json.object()
                        .put("cpuNanos", Footprint.cpuNanos())
                        .put("heapBytes", Footprint.heapBytes())
                        .put("residentBytes", Footprint.residentBytes());
            default -> throw Role.unknown(request);
        };
    }

    /** As fast as it goes, or so many a second; ends when all are durable. */
    private ObjectNode store(JsonNode request) throws InterruptedException {
        int count = request.path("count").asInt();
        double perSecond = request.path("perSecond").asDouble();
        byte[] body = new byte[request.path("bodyBytes").asInt()];
        random.nextBytes(body);
        Message message =
                Message.builder(body).contentType("application/octet-stream").build();
        EventLog.Incoming[] events = new EventLog.Incoming[DEVICES];
        for (int i = 0; i < DEVICES; i++) {
            events[i] = new EventLog.Incoming(
                    Identity.device("bench-" + i), message, Map.of("iothub-message-source", "Telemetry"));
        }
        CountDownLatch durable = new CountDownLatch(count);
        long cpu = Footprint.cpuNanos();
        long start = nanoTime.getAsLong();
        for (int i = 0; i < count; i++) {
            if (perSecond > 0) {
                long due = start + (long) (i / perSecond * NANOS_PER_SECOND);
                for (long left = due - nanoTime.getAsLong(); left > 0; left = due - nanoTime.getAsLong()) {
                    LockSupport.parkNanos(left);
                }
            }
            hub.engine().events().append(events[i % DEVICES], durable::countDown);
        }
        if (!durable.await(DURABLE_WITHIN_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException(durable.getCount() + " events are not durable");
        }
        double seconds = (nanoTime.getAsLong() - start) / NANOS_PER_SECOND;
        return Json.object()
                .put("perSecond", count / seconds)
                .put("seconds", seconds)
                .put("cpuMicros", (Footprint.cpuNanos() - cpu) / 1e3 / count);
    }

    @Override
    public void close() {
        hub.close();
        folder.close();
    }
}
