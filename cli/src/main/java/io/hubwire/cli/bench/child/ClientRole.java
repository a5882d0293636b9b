package io.hubwire.cli.bench.child;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.cli.bench.load.HubwirePublisher;
import io.hubwire.cli.bench.load.Load;
import io.hubwire.cli.bench.load.Publisher;
import io.hubwire.cli.bench.load.Target;
import io.hubwire.cli.bench.peer.PahoPublisher;
import io.hubwire.protocol.json.Json;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.LongSupplier;

/** One client at a time: for each request a new one connects, does its round and closes. */
final class ClientRole implements Role {
    private static final double NANOS_PER_MILLI = 1e6;

    private final boolean ours;
    private final Clock clock;
    private final LongSupplier nanoTime;

    /** @param name {@code hubwire} or {@code paho} */
    ClientRole(String name, Clock clock, LongSupplier nanoTime) {
        this.ours = name.equals("hubwire");
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    @Override
    public ObjectNode answer(JsonNode request) throws Exception {
        Target target = Target.of(request);
        if (request.path("do").asText().equals("connect")) {
            return connects(target, request.path("times").asInt());
        }
        int window = request.path("window").asInt();
        Duration lasting = Duration.ofMillis(request.path("millis").asLong());
        try (Publisher publisher = publisher(target, window)) {
            publisher.connect();
            Load load = new Load(publisher, nanoTime);
            return switch (request.path("do").asText()) {
                case "async" -> load.async(window, lasting).json();
                case "blocking" -> load.blocking(lasting).json();
                default -> throw Role.unknown(request);
            };
        }
    }

    /** Connects again and again; the first send is not part of it. */
    private ObjectNode connects(Target target, int times) throws Exception {
        long[] nanos = new long[times];
        for (int i = 0; i < times; i++) {
            try (Publisher publisher = publisher(target, 1)) {
                long start = nanoTime.getAsLong();
                publisher.connect();
                nanos[i] = nanoTime.getAsLong() - start;
            }
        }
        Arrays.sort(nanos);
        return Json.object().put("messages", times).put("millis", nanos[times / 2] / NANOS_PER_MILLI);
    }

    private Publisher publisher(Target target, int window) throws Exception {
        return ours ? new HubwirePublisher(target, window) : new PahoPublisher(target, window, clock);
    }

    @Override
    public void close() {
        // nothing stays open between requests
    }
}
