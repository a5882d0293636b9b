package io.hubwire.localhub.engine.transfers;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.Hub;
import io.hubwire.localhub.engine.HubException;
import io.hubwire.localhub.engine.configurations.Configurations;
import io.hubwire.protocol.HubError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Imports and exports of the registry, in the JSON of the service API; one at a time. Kept in memory, the newest hundred.
 * Thread-safe. Source: service-rest 9.
 */
public final class Transfers implements AutoCloseable {
    private static final int MAX_REMEMBERED = 100;

    private final Hub hub;
    private final Containers containers;
    private final Configurations configurations;
    private final Supplier<UUID> ids;
    private final Map<String, Transfer> transfers = new LinkedHashMap<>();

    /** None yet. */
    public Transfers(Hub hub, Containers containers, Configurations configurations, Supplier<UUID> ids) {
        this.hub = hub;
        this.containers = containers;
        this.configurations = configurations;
        this.ids = ids;
    }

    /**
     * Starts an import or export. One whose token does not open the hub's container is refused at once, as is an import
     * whose input is not there; an export into a container elsewhere fails soon after.
     *
     * @throws HubException 400004, 400008, and 409104 while another runs
     */
    public ObjectNode create(ObjectNode request) {
        String type = request.path("type").asText();
        Transfer transfer = new Transfer(ids.get().toString(), request);
        Runnable run;
        if (type.equalsIgnoreCase("import")) {
            Import importing = Import.of(hub, containers, configurations, transfer);
            run = importing::begin;
        } else if (type.equalsIgnoreCase("export")) {
            Export exporting = Export.of(hub, containers, configurations, transfer);
            run = exporting::begin;
        } else {
            throw new HubException(HubError.ARGUMENT_INVALID, "type [" + type + "] must be import or export");
        }
        synchronized (this) {
            transfers.values().stream()
                    .filter(other -> !other.isOver())
                    .findFirst()
                    .ifPresent(other -> {
                        throw new HubException(
                                HubError.JOB_ALREADY_EXISTS,
                                "Job [" + other.jobId() + "] is not over; one import or export runs at a time");
                    });
            if (transfers.size() >= MAX_REMEMBERED) {
                transfers.remove(transfers.keySet().iterator().next());
            }
            transfers.put(transfer.jobId(), transfer);
        }
        ObjectNode answer = transfer.toJson();
        hub.timer().schedule(Duration.ZERO, run);
        return answer;
    }

    /**
     * One of them.
     *
     * @throws HubException 404002
     */
    public ObjectNode get(String jobId) {
        return require(jobId).toJson();
    }

    /** All that are remembered, oldest first. */
    public synchronized List<ObjectNode> list() {
        List<ObjectNode> all = new ArrayList<>();
        transfers.values().forEach(transfer -> all.add(transfer.toJson()));
        return all;
    }

    /**
     * Ends it; what is imported stays. No change when it is over.
     *
     * @throws HubException 404002
     */
    public void cancel(String jobId) {
        require(jobId).cancel(hub.clock().instant());
    }

    /** Cancels what is not over. Idempotent. */
    @Override
    public synchronized void close() {
        transfers.values().forEach(transfer -> transfer.cancel(hub.clock().instant()));
    }

    private synchronized Transfer require(String jobId) {
        return Optional.ofNullable(transfers.get(jobId))
                .orElseThrow(() -> new HubException(HubError.JOB_NOT_FOUND, jobId));
    }
}
