package io.hubwire.localhub.engine.transfers;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.BlobStore;
import io.hubwire.localhub.engine.Hub;
import io.hubwire.localhub.engine.HubException;
import io.hubwire.localhub.engine.Twins.Kind;
import io.hubwire.localhub.engine.configurations.Configurations;
import io.hubwire.localhub.engine.search.Rows;
import io.hubwire.localhub.engine.search.TwinRows;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.json.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes all devices and then all modules, a page a task of the timer. On the timer's thread only. */
final class Export {
    private static final int PAGE = 100;
    private static final String OUTPUT = "outputBlobContainerUri";

    private final Hub hub;
    private final Containers containers;
    private final Configurations configurations;
    private final Transfer transfer;
    private final ByteArrayOutputStream lines = new ByteArrayOutputStream();
    private final String blob;
    private int written;
    private long devices;

    private Export(Hub hub, Containers containers, Configurations configurations, Transfer transfer, String blob) {
        this.hub = hub;
        this.containers = containers;
        this.configurations = configurations;
        this.transfer = transfer;
        this.blob = blob;
    }

    /** @throws HubException 400004 for a name no blob can have; 400008 when the token does not open the hub's container */
    static Export of(Hub hub, Containers containers, Configurations configurations, Transfer transfer) {
        ObjectNode request = transfer.request();
        String blob = Containers.blobName(request, "outputBlobName", "devices.txt");
        if (containers.isNamedBy(request, OUTPUT) && !containers.opensTo(request, OUTPUT, 'w')) {
            throw closed();
        }
        Containers.configurationsBlob(request); // refuses a bad name now and not at the end
        return new Export(hub, containers, configurations, transfer, blob);
    }

    static HubException closed() {
        return new HubException(HubError.BLOB_CONTAINER_VALIDATION_ERROR, "Unauthorized to write to output container.");
    }

    void begin() {
        if (!transfer.begin(hub.clock().instant())) {
            return;
        }
        if (!containers.isNamedBy(transfer.request(), OUTPUT)) {
            // Azure's storage is not in reach: the job that names it is taken, as it would be there, and fails
            transfer.fail(
                    OUTPUT + " is not the container of this hub, https://"
                            + hub.names().primaryHost() + "/" + Containers.NAME,
                    hub.clock().instant());
        } else {
            // once: to count is to go through them all
            devices = hub.registry().deviceStatistics().path("totalDeviceCount").asLong();
            step(Kind.DEVICE, null);
        }
    }

    private void step(Kind kind, @Nullable String after) {
        if (transfer.isOver()) {
            return;
        }
        List<Rows.Row> page = new TwinRows(hub.twins(), kind).page(after, PAGE);
        page.forEach(row -> write(row.document()));
        if (!page.isEmpty()) {
            transfer.progress((int) (100L * written / Math.max(1, devices)));
            soon(() -> step(kind, page.get(page.size() - 1).id()));
        } else if (kind == Kind.DEVICE) {
            soon(() -> step(Kind.MODULE, null));
        } else {
            end();
        }
    }

    private void soon(Runnable step) {
        hub.timer().schedule(Duration.ZERO, step);
    }

    private void write(ObjectNode twin) {
        try {
            ObjectNode identity = hub.registry().get(TwinRows.identity(twin));
            boolean withKeys = !transfer.request().path("excludeKeysInExport").asBoolean();
            lines.writeBytes((ExportLine.of(identity, twin, withKeys) + "\n").getBytes(StandardCharsets.UTF_8));
            written++;
        } catch (HubException e) {
            if (e.error() != HubError.DEVICE_NOT_FOUND && e.error() != HubError.MODULE_NOT_FOUND) {
                throw e;
            }
            written++; // deleted while we were reading
        }
    }

    private void end() {
        try {
            containers.write(blob, lines.toByteArray());
            if (transfer.withConfigurations()) {
                containers.write(Containers.configurationsBlob(transfer.request()), configurations());
            }
            transfer.complete(hub.clock().instant());
        } catch (BlobStore.Full e) {
            transfer.fail(String.valueOf(e.getMessage()), hub.clock().instant());
        }
    }

    private byte[] configurations() {
        StringBuilder text = new StringBuilder();
        configurations.list(Integer.MAX_VALUE).forEach(each -> text.append(Json.write(each))
                .append('\n'));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
