package io.hubwire.localhub.engine.transfers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.BlobStore;
import io.hubwire.localhub.engine.Hub;
import io.hubwire.localhub.engine.HubException;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Carries out the lines of a blob in order, some a task of the timer; a line that fails does not stop the others and is
 * noted in {@code importErrors.log}. On the timer's thread only.
 */
final class Import {
    private static final int LINES_AT_ONCE = 25;
    private static final String ERRORS = "importErrors.log";

    private final Hub hub;
    private final Containers containers;
    private final Transfer transfer;
    private final List<String> lines;
    private final StringBuilder errors = new StringBuilder();

    private Import(Hub hub, Containers containers, Transfer transfer, List<String> lines) {
        this.hub = hub;
        this.containers = containers;
        this.transfer = transfer;
        this.lines = lines;
    }

    /** @throws HubException 400008 when the input or the output is not the hub's container, its token does not do, or there is no such
     *     blob */
    static Import of(Hub hub, Containers containers, Transfer transfer) {
        ObjectNode request = transfer.request();
        String name = Containers.blobName(request, "inputBlobName", "devices.txt");
        byte[] blob = Optional.of(name)
                .filter(there -> containers.opensTo(request, "inputBlobContainerUri", 'r'))
                .flatMap(containers::read)
                .orElseThrow(() -> new HubException(
                        HubError.BLOB_CONTAINER_VALIDATION_ERROR,
                        "Failed to read devices blob from the input container."));
        if (!containers.opensTo(request, "outputBlobContainerUri", 'w')) {
            throw Export.closed();
        }
        List<String> lines = new String(blob, StandardCharsets.UTF_8).lines().toList();
        return new Import(hub, containers, transfer, lines);
    }

    void begin() {
        if (transfer.begin(hub.clock().instant())) {
            step(0);
        }
    }

    private void step(int from) {
        if (transfer.isOver()) {
            return;
        }
        int to = Math.min(from + LINES_AT_ONCE, lines.size());
        for (int i = from; i < to; i++) {
            carryOut(i + 1, lines.get(i));
        }
        transfer.progress(100 * to / Math.max(1, lines.size()));
        if (to < lines.size()) {
            hub.timer().schedule(Duration.ZERO, () -> step(to));
        } else {
            end();
        }
    }

    private void carryOut(int number, String line) {
        if (line.isBlank()) {
            return;
        }
        try {
            ObjectNode item = Json.parseObject("line " + number, line);
            if (!item.hasNonNull("importMode")) {
                item.put("importMode", "createOrUpdate");
            }
            ArrayNode one = Json.array().add(item);
            for (JsonNode error : hub.registry().bulk(one).path("errors")) {
                errors.append(Json.write(error)).append('\n');
            }
        } catch (RemoteProtocolException notJson) {
            errors.append(Json.write(Json.object()
                            .put("errorCode", HubError.DESERIALIZATION_ERROR.wireName())
                            .put("errorStatus", notJson.getMessage())))
                    .append('\n');
        }
    }

    private void end() {
        try {
            if (!errors.isEmpty()) {
                containers.write(ERRORS, errors.toString().getBytes(StandardCharsets.UTF_8));
            }
            transfer.complete(hub.clock().instant());
        } catch (BlobStore.Full e) {
            transfer.fail(String.valueOf(e.getMessage()), hub.clock().instant());
        }
    }
}
