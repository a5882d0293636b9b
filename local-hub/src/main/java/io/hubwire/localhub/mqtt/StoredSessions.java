package io.hubwire.localhub.mqtt;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.mqtt.Subscriptions.Held;
import io.hubwire.localhub.store.Documents.Document;
import io.hubwire.localhub.store.Store;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.json.Json;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The sessions that clients with clean session 0 leave behind: their subscriptions, for as long as the identity lives and
 * the store does. Also the turnstile through which connections begin, one at a time. Source: mqtt-device 1.7, open-questions
 * 14 and 15.
 *
 * <p>In the store a session is a document under the client id: {@code {"generationId","filters":{filter:{"qos","since"}}}}.
 * A subscription is stored before it is granted.
 */
final class StoredSessions {
    private static final String KIND = "mqttSession";

    /** @param found whether it was there: the session-present bit */
    record Session(Subscriptions subscriptions, boolean found) {}

    private record Stored(String generationId, Subscriptions subscriptions) {}

    private final Store store;
    private final Map<Identity, Stored> sessions = new ConcurrentHashMap<>();

    StoredSessions(Store store) {
        this.store = store;
    }

    /**
     * The session of a connection that begins.
     *
     * @param generationId of the identity: what an earlier device of the same name left behind is not this one's
     */
    Session begin(Identity identity, String generationId, boolean clean) {
        if (clean) {
            sessions.compute(identity, (same, old) -> {
                forget(identity);
                return null;
            });
            return new Session(new Subscriptions(identity), false);
        }
        boolean[] found = {true};
        Stored stored = sessions.compute(identity, (same, old) -> {
            Stored known = old == null ? read(identity) : old;
            if (known != null && known.generationId().equals(generationId)) {
                return known;
            }
            found[0] = false;
            keep(identity, generationId, Map.of());
            return fresh(identity, generationId, Map.of());
        });
        return new Session(stored.subscriptions(), found[0]);
    }

    private Stored fresh(Identity identity, String generationId, Map<String, Held> filters) {
        return new Stored(
                generationId, new Subscriptions(identity, filters, after -> keep(identity, generationId, after)));
    }

    private @Nullable Stored read(Identity identity) {
        Optional<Document> document = store.get(KIND, identity.clientId());
        if (document.isEmpty()) {
            return null;
        }
        ObjectNode body = Json.parseObject(KIND, document.get().body());
        Map<String, Held> filters = new HashMap<>();
        body.path("filters")
                .fields()
                .forEachRemaining(each -> filters.put(
                        each.getKey(),
                        new Held(
                                each.getValue().path("qos").asInt(),
                                Instant.parse(each.getValue().path("since").asText()))));
        return fresh(identity, body.path("generationId").asText(), filters);
    }

    private void keep(Identity identity, String generationId, Map<String, Held> filters) {
        ObjectNode body = Json.object().put("generationId", generationId);
        ObjectNode list = body.putObject("filters");
        filters.forEach((filter, held) -> list.putObject(filter)
                .put("qos", held.qos())
                .put("since", held.since().toString()));
        String text = Json.write(body);
        store.inTransaction(documents -> {
            documents
                    .get(KIND, identity.clientId())
                    .ifPresentOrElse(
                            old -> documents.update(KIND, identity.clientId(), old.version(), text),
                            () -> documents.insert(KIND, identity.clientId(), text));
            return text;
        });
    }

    private void forget(Identity identity) {
        store.get(KIND, identity.clientId()).ifPresent(old -> store.delete(KIND, identity.clientId(), old.version()));
    }
}
