package io.hubwire.cli.bench.child;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.cli.bench.load.Footprint;
import io.hubwire.cli.bench.peer.BareBroker;
import io.hubwire.protocol.json.Json;

/** A broker with nothing of ours in it. */
final class BrokerRole implements Role {
    private final ScratchFolder home = ScratchFolder.create();
    private final BareBroker broker;

    BrokerRole() throws Exception {
        broker = BareBroker.start(home.path(), BareBroker.prepare(home.path()));
    }

    @Override
    public ObjectNode answer(JsonNode request) {
        return switch (request.path("do").asText()) {
            case "facts" ->
                Json.object()
                        .put("port", broker.port())
                        .put("caFile", BareBroker.caFile(home.path()).toString());
            case "usage" -> Json.object().put("cpuNanos", Footprint.cpuNanos()).put("taken", broker.consumed());
            default -> throw Role.unknown(request);
        };
    }

    /** The broker itself ends with the JVM: its own stop would take four seconds of waiting. */
    @Override
    public void close() {
        home.close();
    }
}
