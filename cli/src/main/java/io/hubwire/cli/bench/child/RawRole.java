package io.hubwire.cli.bench.child;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.cli.bench.load.RawLoad;
import io.hubwire.cli.bench.load.Target;
import java.time.Clock;
import java.time.Duration;
import java.util.function.LongSupplier;

/** Load without a client's work, to find what a server takes in. */
final class RawRole implements Role {
    private final Clock clock;
    private final LongSupplier nanoTime;

    RawRole(Clock clock, LongSupplier nanoTime) {
        this.clock = clock;
        this.nanoTime = nanoTime;
    }

    @Override
    public ObjectNode answer(JsonNode request) throws Exception {
        try (RawLoad load = new RawLoad(Target.of(request), clock, nanoTime)) {
            return load.run(
                            request.path("window").asInt(),
                            Duration.ofMillis(request.path("millis").asLong()))
                    .json();
        }
    }

    @Override
    public void close() {
        // nothing stays open between requests
    }
}
