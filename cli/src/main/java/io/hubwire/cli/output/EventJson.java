package io.hubwire.cli.output;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.events.Event;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.SystemProperty;
import io.hubwire.protocol.json.Json;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Events in the shape of the command contract. */
public final class EventJson {
    private EventJson() {}

    /**
     * {@code {"deviceId","moduleId","partition","offset","sequenceNumber","enqueuedTime","system","properties","body"}}; system
     * holds what the sender said of the message and what the hub added.
     */
    public static ObjectNode of(Event event) {
        Optional<Identity> source = event.source();
        ObjectNode document = Json.object()
                .put("deviceId", source.map(Identity::deviceId).orElse(null))
                .put("moduleId", source.flatMap(Identity::moduleId).orElse(null))
                .put("partition", event.partition())
                .put("offset", event.offset())
                .put("sequenceNumber", event.sequenceNumber())
                .put("enqueuedTime", event.enqueuedTime().toString());
        ObjectNode system = document.putObject("system");
        for (Map.Entry<SystemProperty, @Nullable String> p :
                event.message().system().entrySet()) {
            system.put(p.getKey().eventName(), p.getValue());
        }
        event.annotations().forEach((name, value) -> {
            if (!name.startsWith("x-opt-")) {
                system.put(name, value == null ? null : value.toString());
            }
        });
        MessageJson.addProperties(document, event.message());
        MessageJson.addBody(document, event.message());
        return document;
    }
}
