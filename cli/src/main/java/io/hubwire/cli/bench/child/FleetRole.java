package io.hubwire.cli.bench.child;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.auth.ConnectionString;
import io.hubwire.auth.TlsTrust;
import io.hubwire.cli.bench.load.Footprint;
import io.hubwire.mqtt.ClientOptions;
import io.hubwire.mqtt.DeviceClient;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.json.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** Many devices in one JVM. */
final class FleetRole implements Role {
    private static final int AT_ONCE = 64;
    private static final long WITHIN_SECONDS = 120;
    private static final double NANOS_PER_MILLI = 1e6;

    private final List<DeviceClient> devices = new ArrayList<>();
    private final LongSupplier nanoTime;

    FleetRole(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    @Override
    public ObjectNode answer(JsonNode request) throws Exception {
        return switch (request.path("do").asText()) {
            case "usage" ->
                Json.object()
                        .put("heapBytes", Footprint.heapBytes())
                        .put("residentBytes", Footprint.residentBytes())
                        .put("platformThreads", Footprint.platformThreads())
                        .put("cpuNanos", Footprint.cpuNanos());
            case "connect" -> connect(request);
            case "send" -> onEach(devices, device -> device.send(Message.of("one of many")));
            case "disconnect" -> disconnect();
            default -> throw Role.unknown(request);
        };
    }

    private ObjectNode connect(JsonNode request) throws Exception {
        ClientOptions options = ClientOptions.builder()
                .port(request.path("port").asInt())
                .trust(TlsTrust.pem(Path.of(request.path("caFile").asText())))
                .build();
        List<DeviceClient> added = new ArrayList<>();
        request.path("connectionStrings")
                .forEach(text -> added.add(DeviceClient.of(ConnectionString.parse(text.asText()), options)));
        devices.addAll(added);
        return onEach(added, DeviceClient::connect);
    }

    private ObjectNode disconnect() throws Exception {
        ObjectNode answer = onEach(devices, DeviceClient::closeAsync);
        devices.clear();
        return answer;
    }

    /** Some at a time, since a hub that is asked for thousands of handshakes at once lets most of them wait. */
    private ObjectNode onEach(List<DeviceClient> clients, Function<DeviceClient, CompletableFuture<?>> operation)
            throws InterruptedException {
        Semaphore room = new Semaphore(AT_ONCE);
        AtomicInteger failures = new AtomicInteger();
        long start = nanoTime.getAsLong();
        for (DeviceClient client : clients) {
            await(room, 1);
            var unused = operation.apply(client).whenComplete((done, failure) -> {
                if (failure != null) {
                    failures.incrementAndGet();
                }
                room.release();
            });
        }
        await(room, AT_ONCE);
        return Json.object()
                .put("clients", clients.size())
                .put("failures", failures.get())
                .put("millis", (nanoTime.getAsLong() - start) / NANOS_PER_MILLI);
    }

    private static void await(Semaphore room, int permits) throws InterruptedException {
        if (!room.tryAcquire(permits, WITHIN_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("no outcome within " + WITHIN_SECONDS + " s");
        }
    }

    @Override
    public void close() throws Exception {
        disconnect();
    }
}
