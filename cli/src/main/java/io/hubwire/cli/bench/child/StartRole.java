package io.hubwire.cli.bench.child;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.cli.bench.peer.BareBroker;
import io.hubwire.localhub.LocalHub;
import io.hubwire.protocol.json.Json;
import java.util.function.LongSupplier;

/** Starts servers, the first one in a JVM that has done nothing else. */
final class StartRole implements Role {
    private static final double NANOS_PER_MILLI = 1e6;

    private final LongSupplier nanoTime;

    StartRole(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    @Override
    public ObjectNode answer(JsonNode request) throws Exception {
        ObjectNode answer = Json.object();
        ArrayNode starts = answer.putArray("startMillis");
        ArrayNode stops = answer.putArray("stopMillis");
        for (int i = 0; i < request.path("times").asInt(); i++) {
            try (ScratchFolder home = ScratchFolder.create()) {
                boolean ours = hub(request);
                int port = ours ? 0 : BareBroker.prepare(home.path()); // the hub makes its certificates as it starts
                long begin = nanoTime.getAsLong();
                AutoCloseable server = ours ? LocalHub.start() : BareBroker.start(home.path(), port);
                long up = nanoTime.getAsLong();
                server.close();
                starts.add((up - begin) / NANOS_PER_MILLI);
                stops.add((nanoTime.getAsLong() - up) / NANOS_PER_MILLI);
            }
        }
        return answer;
    }

    private static boolean hub(JsonNode request) {
        return switch (request.path("do").asText()) {
            case "hub" -> true;
            case "broker" -> false;
            default -> throw Role.unknown(request);
        };
    }

    @Override
    public void close() {
        // nothing stays open between requests
    }
}
