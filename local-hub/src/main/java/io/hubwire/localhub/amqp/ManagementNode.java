package io.hubwire.localhub.amqp;

import io.hubwire.localhub.engine.EventLog;
import io.hubwire.localhub.engine.EventLog.PartitionInfo;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** {@code READ} of the event hub and of its partitions, with the types clients insist on. Source: amqp 3. */
final class ManagementNode implements RequestNode {
    private static final String EVENT_HUB = "com.microsoft:eventhub";
    private static final String PARTITION = "com.microsoft:partition";

    private final ServerContext context;

    ManagementNode(ServerContext context) {
        this.context = context;
    }

    @Override
    public Answer answer(Sections request) {
        String operation = request.text("operation").orElse("");
        String type = request.text("type").orElse("");
        String name = request.text("name").orElse("");
        if (!operation.equals("READ")) {
            return new Answer(501, "operation [" + operation + "] is not READ", Conditions.NOT_IMPLEMENTED, null);
        }
        if (!context.isEntity(name)) {
            return notFound(name);
        }
        return switch (type) {
            case EVENT_HUB -> Answer.ok(eventHub());
            case PARTITION -> partition(request.text("partition").orElse(""));
            default -> new Answer(400, "type [" + type + "] is unknown", Conditions.ARGUMENT, null);
        };
    }

    /** The number of a partition that exists. */
    static OptionalInt partitionNumber(String id, EventLog log) {
        return IntStream.range(0, log.partitions())
                .filter(n -> Integer.toString(n).equals(id))
                .findFirst();
    }

    private Map<String, Object> eventHub() {
        int partitions = context.hub().events().partitions();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("name", context.hub().names().eventEntity());
        body.put("type", EVENT_HUB);
        body.put("created_at", Date.from(context.createdAt()));
        body.put("partition_count", partitions);
        body.put(
                "partition_ids",
                IntStream.range(0, partitions).mapToObj(Integer::toString).toArray(String[]::new));
        body.put("georeplication_factor", 1);
        return body;
    }

    private Answer partition(String id) {
        OptionalInt number = partitionNumber(id, context.hub().events());
        if (number.isEmpty()) {
            return notFound(context.hub().names().eventEntity() + "/Partitions/" + id);
        }
        PartitionInfo info = context.hub().events().info(number.getAsInt());
        Instant last = info.lastEnqueuedTime();
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("name", context.hub().names().eventEntity());
        body.put("type", PARTITION);
        body.put("partition", id);
        body.put("begin_sequence_number", info.firstSequenceNumber());
        body.put("last_enqueued_sequence_number", info.lastSequenceNumber());
        body.put("last_enqueued_offset", info.lastOffset());
        body.put("last_enqueued_time_utc", Date.from(last == null ? Instant.EPOCH : last));
        body.put("is_partition_empty", info.lastSequenceNumber() < info.firstSequenceNumber());
        return Answer.ok(body);
    }

    private static Answer notFound(String entity) {
        return new Answer(404, Conditions.entityNotFound(entity), Conditions.NOT_FOUND, null);
    }
}
