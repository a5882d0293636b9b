package io.hubwire.localhub.management;

import io.hubwire.auth.SymmetricKey;
import io.hubwire.localhub.engine.BlobGate;
import io.hubwire.localhub.engine.Hub;
import io.hubwire.localhub.engine.Twins.Kind;
import io.hubwire.localhub.engine.configurations.Configurations;
import io.hubwire.localhub.engine.digitaltwins.DigitalTwins;
import io.hubwire.localhub.engine.jobs.Jobs;
import io.hubwire.localhub.engine.query.Source;
import io.hubwire.localhub.engine.search.Queries;
import io.hubwire.localhub.engine.search.TwinRows;
import io.hubwire.localhub.engine.transfers.Containers;
import io.hubwire.localhub.engine.transfers.Transfers;
import io.hubwire.localhub.store.Store;
import java.util.Map;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Queries, jobs, configurations and digital twins of one hub. Put together here and nowhere else; closing it ends what
 * still runs. Thread-safe.
 */
public final class DeviceManagement implements AutoCloseable {
    private final Jobs jobs;
    private final Queries queries;
    private final Configurations configurations;
    private final DigitalTwins digitalTwins;
    private final Containers containers;
    private final Transfers transfers;

    /**
     * Starts over what the store holds.
     *
     * @param store the engine's
     * @param random makes the ids of imports and exports, and the key that their container's tokens are signed with; thread-safe
     */
    public DeviceManagement(Hub hub, Store store, ManagementOptions options, RandomGenerator random) {
        this.jobs = new Jobs(hub, store);
        this.queries = new Queries(
                Map.of(
                        Source.DEVICES, new TwinRows(hub.twins(), Kind.DEVICE),
                        Source.MODULES, new TwinRows(hub.twins(), Kind.MODULE),
                        Source.JOBS, jobs::rows),
                hub.clock(),
                options.continuationLife());
        this.configurations = new Configurations(hub, store, options.configurationInterval());
        this.digitalTwins = new DigitalTwins(hub.twins(), hub.methods());
        byte[] key = new byte[32];
        random.nextBytes(key);
        BlobGate gate = new BlobGate(BlobGate.Scope.C, SymmetricKey.ofBytes(key), hub.clock());
        this.containers = new Containers(hub.files().blobs(), hub.names(), gate);
        this.transfers =
                new Transfers(hub, containers, configurations, () -> new UUID(random.nextLong(), random.nextLong()));
    }

    /** The query language over this hub. */
    public Queries queries() {
        return queries;
    }

    /** Scheduled jobs. */
    public Jobs jobs() {
        return jobs;
    }

    /** Automatic device configurations and Edge deployments. */
    public Configurations configurations() {
        return configurations;
    }

    /** Plug and Play devices. */
    public DigitalTwins digitalTwins() {
        return digitalTwins;
    }

    /** Imports and exports of the registry. */
    public Transfers transfers() {
        return transfers;
    }

    /** What they read and write. */
    public Containers containers() {
        return containers;
    }

    @Override
    public void close() {
        transfers.close();
        configurations.close();
        jobs.close();
    }
}
