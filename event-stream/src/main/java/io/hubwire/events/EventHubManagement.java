package io.hubwire.events;

import io.hubwire.events.amqp.ClientConnection;
import io.hubwire.events.amqp.RequestClient;
import io.hubwire.events.amqp.Sections;
import io.hubwire.events.amqp.Waiting;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.RemoteProtocolException;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Asks an event hub what it has. Everything blocks within the connection's time-out. Source: amqp 3. */
final class EventHubManagement {
    private final RequestClient node;
    private final String entity;

    private EventHubManagement(RequestClient node, String entity) {
        this.node = node;
        this.entity = entity;
    }

    /** @throws HubwireException when the service has no such event hub, or does not let us ask */
    static EventHubManagement open(ClientConnection connection, String entity) {
        return new EventHubManagement(RequestClient.open(connection, "$management"), entity);
    }

    /** The ids of all partitions. @throws RemoteProtocolException when the answer does not list them */
    Set<String> partitions() {
        String what = "asking for the partitions of [" + entity + "]";
        Object ids = Waiting.on(ask("com.microsoft:eventhub", Map.of(), what)).get("partition_ids");
        Set<String> partitions = new LinkedHashSet<>();
        List<?> listed =
                ids instanceof Object[] array ? Arrays.asList(array) : ids instanceof List<?> l ? l : List.of();
        listed.forEach(id -> partitions.add(String.valueOf(id)));
        if (partitions.isEmpty()) {
            throw new RemoteProtocolException(what + ": the answer has no partition_ids");
        }
        return partitions;
    }

    /**
     * Where each of these partitions ends now, as a position that stays what it is.
     *
     * @throws HubwireException INVALID_ARGUMENT or NOT_FOUND when there is no such partition
     */
    Map<String, StartPosition> ends(Collection<String> partitions) {
        Map<String, CompletableFuture<Map<?, ?>>> asked = new LinkedHashMap<>();
        for (String id : partitions) {
            asked.put(id, ask("com.microsoft:partition", Map.of("partition", id), describe(id)));
        }
        Map<String, StartPosition> ends = new LinkedHashMap<>();
        asked.forEach((id, answer) -> ends.put(id, endOf(id, Waiting.on(answer))));
        return ends;
    }

    private static StartPosition endOf(String id, Map<?, ?> partition) {
        if (!(partition.get("last_enqueued_sequence_number") instanceof Number last)) {
            throw new RemoteProtocolException(describe(id) + ": the answer has no last_enqueued_sequence_number");
        }
        return last.longValue() < 0 ? StartPosition.earliest() : StartPosition.afterSequenceNumber(last.longValue());
    }

    private static String describe(String id) {
        return "asking where partition [" + id + "] ends";
    }

    private CompletableFuture<Map<?, ?>> ask(String type, Map<String, Object> more, String what) {
        Map<String, Object> asked = new LinkedHashMap<>();
        asked.put("operation", "READ");
        asked.put("type", type);
        asked.put("name", entity);
        asked.putAll(more);
        return node.ask(asked, null, what).thenApply(answer -> body(answer, what));
    }

    private static Map<?, ?> body(Sections answer, String what) {
        if (answer.value() instanceof Map<?, ?> body) {
            return body;
        }
        throw new RemoteProtocolException(what + ": the answer's body is no map");
    }
}
