package io.hubwire.cli.bench.child;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.cli.bench.load.Footprint;
import io.hubwire.localhub.LocalHub;
import io.hubwire.localhub.engine.EventLog;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.json.Json;

/** A local hub. */
final class HubRole implements Role {
    private final LocalHub hub = LocalHub.start();

    @Override
    public ObjectNode answer(JsonNode request) {
        return switch (request.path("do").asText()) {
            case "facts" ->
                Json.object()
                        .put("port", hub.mqttPort())
                        .put("caFile", hub.caFile().toString());
            case "devices" -> devices(request.path("count").asInt());
            case "usage" -> Json.object().put("cpuNanos", Footprint.cpuNanos()).put("taken", stored());
            default -> throw Role.unknown(request);
        };
    }

    private ObjectNode devices(int count) {
        ObjectNode answer = Json.object();
        ArrayNode strings = answer.putArray("connectionStrings");
        for (int i = 0; i < count; i++) {
            Identity device = Identity.device("bench-" + i);
            hub.engine().registry().create(device, Json.object());
            strings.add(hub.deviceConnectionString(device.deviceId()));
        }
        return answer;
    }

    /** Events that have entered the log, those forgotten since included. */
    private long stored() {
        EventLog events = hub.engine().events();
        long sum = 0;
        for (int partition = 0; partition < events.partitions(); partition++) {
            sum += events.info(partition).lastSequenceNumber() + 1;
        }
        return sum;
    }

    @Override
    public void close() {
        hub.close();
    }
}
