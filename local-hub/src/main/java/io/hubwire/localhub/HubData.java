package io.hubwire.localhub;

import io.hubwire.localhub.LocalHubOptions.Data;
import io.hubwire.localhub.engine.EngineOptions;
import io.hubwire.localhub.engine.EventLog;
import io.hubwire.localhub.engine.EventLog.PartitionInfo;
import io.hubwire.localhub.engine.HubEngine;
import io.hubwire.localhub.store.DataFolder;
import io.hubwire.localhub.store.JdbcStore;
import io.hubwire.localhub.store.Store;
import io.hubwire.localhub.store.log.Incident;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where a hub keeps what it knows: in memory, or in a folder with an account of what was found there. */
final class HubData {
    private static final Logger log = LoggerFactory.getLogger(HubData.class);

    private final @Nullable Data options;
    private final @Nullable DataFolder folder;
    private final Clock clock;
    private final Instant begun;
    private final List<Incident> incidents = new ArrayList<>();
    private final Store store;
    private Duration took = Duration.ZERO;
    private int redone;

    /**
     * Takes hold of the folder, if there is one, and opens the store.
     *
     * @param closing gets what must be closed
     * @throws io.hubwire.protocol.HubwireException STORAGE_FAILED, see {@link DataFolder#open} and
     *     {@link JdbcStore#inFolder}
     */
    HubData(@Nullable Data options, int partitions, Clock clock, Closing closing) {
        this.options = options;
        this.clock = clock;
        this.begun = clock.instant();
        if (options == null) {
            folder = null;
            store = closing.last(JdbcStore.inMemory());
        } else {
            folder = closing.last(DataFolder.open(options.folder(), partitions));
            store = closing.last(JdbcStore.inFolder(
                    folder.root(), options.sync(), folder.isComplete(), count -> redone = count, this::mended));
        }
    }

    Store store() {
        return store;
    }

    /** Whether nothing was kept before: a new hub. */
    boolean isNew() {
        return folder == null || !folder.isComplete();
    }

    /** The options with events and files in the folder. */
    EngineOptions applyTo(EngineOptions engine) {
        if (options == null || folder == null) {
            return engine;
        }
        return engine.withEvents(
                        engine.events().inFolder(folder.events(), options.sync(), options.eventBytes(), this::mended))
                .withFiles(engine.files().inFolder(folder.blobs(), options.blobBytes()));
    }

    private void mended(Incident incident) {
        incidents.add(incident);
        if (incident instanceof Incident.Damage damage) {
            log.error(
                    "[{}] was damaged: {} bytes are lost, the rest was kept; as it was found it is in [{}]",
                    damage.file(),
                    damage.bytes(),
                    damage.saved());
        } else if (incident instanceof Incident.TornTail torn) {
            log.info("cut {} bytes of an unfinished record off [{}]", torn.bytes(), torn.file());
        }
    }

    /** The engine has taken in what was kept; the endpoints are still to come. */
    void restored() {
        took = Duration.between(begun, clock.instant());
    }

    /**
     * The hub has been started to the end.
     *
     * @return what was found, in one line; empty without a folder
     */
    String started(HubEngine engine) {
        if (folder == null) {
            return "";
        }
        boolean fresh = !folder.isComplete();
        folder.markComplete();
        if (fresh) {
            return "data folder [" + folder.root() + "]: new";
        }
        long damaged =
                incidents.stream().filter(Incident.Damage.class::isInstance).count();
        long torn = incidents.size() - damaged;
        return "data folder [" + folder.root() + "]: " + devices(engine) + " devices, " + engine.restoredC2d()
                + " C2D messages, " + events(engine.events()) + " events; " + redone + " transactions redone, " + torn
                + " unfinished records cut off, " + damaged + " damaged files mended; recovered in " + took.toMillis()
                + " ms";
    }

    private static long devices(HubEngine engine) {
        return engine.registry().deviceStatistics().path("totalDeviceCount").asLong();
    }

    private static long events(EventLog log) {
        long sum = 0;
        for (int i = 0; i < log.partitions(); i++) {
            PartitionInfo info = log.info(i);
            sum += info.lastSequenceNumber() + 1 - info.firstSequenceNumber();
        }
        return sum;
    }
}
