package io.hubwire.localhub.engine.transfers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.BlobStore;
import io.hubwire.localhub.engine.Hub;
import io.hubwire.localhub.engine.HubException;
import io.hubwire.localhub.engine.configurations.Configurations;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Carries out the lines of a blob in order, some a task of the timer; a line that fails does not stop the others and is
 * noted in {@code importErrors.log}. On the timer's thread only.
 */
final class Import {
    private static final int LINES_AT_ONCE = 25;
    private static final String ERRORS = "importErrors.log";

    private final Hub hub;
    private final Containers containers;
    private final Configurations configurations;
    private final Transfer transfer;
    private final List<String> identityLines;
    private final List<String> configurationLines;
    private final StringBuilder errors = new StringBuilder();

    private Import(
            Hub hub,
            Containers containers,
            Configurations configurations,
            Transfer transfer,
            List<String> identityLines,
            List<String> configurationLines) {
        this.hub = hub;
        this.containers = containers;
        this.configurations = configurations;
        this.transfer = transfer;
        this.identityLines = identityLines;
        this.configurationLines = configurationLines;
    }

    /**
     * Reads what shall be carried out.
     *
     * @throws HubException 400008 when the input or the output is not the hub's container, its token does not do, or there
     *     is no such blob; 400004 for a name no blob can have
     */
    static Import of(Hub hub, Containers containers, Configurations configurations, Transfer transfer) {
        ObjectNode request = transfer.request();
        List<String> identities =
                lines(containers, request, "devices", Containers.blobName(request, "inputBlobName", "devices.txt"));
        List<String> others = transfer.withConfigurations()
                ? lines(containers, request, "configurations", Containers.configurationsBlob(request))
                : List.of();
        if (!containers.opensTo(request, "outputBlobContainerUri", 'w')) {
            throw Export.closed();
        }
        return new Import(hub, containers, configurations, transfer, identities, others);
    }

    private static List<String> lines(Containers containers, ObjectNode request, String what, String blob) {
        byte[] text = Optional.of(blob)
                .filter(there -> containers.opensTo(request, "inputBlobContainerUri", 'r'))
                .flatMap(containers::read)
                .orElseThrow(() -> new HubException(
                        HubError.BLOB_CONTAINER_VALIDATION_ERROR,
                        "Failed to read " + what + " blob from the input container."));
        return new String(text, StandardCharsets.UTF_8).lines().toList();
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
        int all = identityLines.size() + configurationLines.size();
        int to = Math.min(from + LINES_AT_ONCE, all);
        for (int i = from; i < to; i++) {
            int beyond = i - identityLines.size();
            if (beyond < 0) {
                carryOut(i + 1, identityLines.get(i), this::takeIdentity);
            } else {
                carryOut(beyond + 1, configurationLines.get(beyond), this::takeConfiguration);
            }
        }
        transfer.progress(100 * to / Math.max(1, all));
        if (to < all) {
            hub.timer().schedule(Duration.ZERO, () -> step(to));
        } else {
            end();
        }
    }

    private void carryOut(int number, String line, Consumer<ObjectNode> how) {
        if (line.isBlank()) {
            return;
        }
        try {
            how.accept(Json.parseObject("line " + number, line));
        } catch (RemoteProtocolException notJson) {
            note(error(HubError.DESERIALIZATION_ERROR, notJson));
        }
    }

    private void takeIdentity(ObjectNode item) {
        if (!item.hasNonNull("importMode")) {
            item.put("importMode", "createOrUpdate");
        }
        hub.registry().bulk(Json.array().add(item)).path("errors").forEach(this::note);
    }

    private void takeConfiguration(ObjectNode item) {
        try {
            configurations.importLine(item);
        } catch (HubException e) {
            note(error(e.error(), e).put("configurationId", item.path("id").asText()));
        }
    }

    private static ObjectNode error(HubError error, Exception why) {
        return Json.object().put("errorCode", error.wireName()).put("errorStatus", why.getMessage());
    }

    private void note(JsonNode error) {
        errors.append(Json.write(error)).append('\n');
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
