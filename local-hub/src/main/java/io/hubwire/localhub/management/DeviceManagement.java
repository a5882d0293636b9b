package io.hubwire.localhub.management;

import io.hubwire.localhub.engine.Hub;
import io.hubwire.localhub.engine.Twins.Kind;
import io.hubwire.localhub.engine.configurations.Configurations;
import io.hubwire.localhub.engine.digitaltwins.DigitalTwins;
import io.hubwire.localhub.engine.jobs.Jobs;
import io.hubwire.localhub.engine.query.Source;
import io.hubwire.localhub.engine.search.Queries;
import io.hubwire.localhub.engine.search.TwinRows;
import io.hubwire.localhub.store.Store;
import java.util.Map;

/**
 * Queries, jobs, configurations and digital twins of one hub. Put together here and nowhere else; closing it ends what
 * still runs. Thread-safe.
 */
public final class DeviceManagement implements AutoCloseable {
    private final Jobs jobs;
    private final Queries queries;
    private final Configurations configurations;
    private final DigitalTwins digitalTwins;

    /**
     * Starts over what the store holds.
     *
     * @param store the engine's
     */
    public DeviceManagement(Hub hub, Store store, ManagementOptions options) {
        this.jobs = new Jobs(hub);
        this.queries = new Queries(
                Map.of(
                        Source.DEVICES, new TwinRows(hub.twins(), Kind.DEVICE),
                        Source.MODULES, new TwinRows(hub.twins(), Kind.MODULE),
                        Source.JOBS, jobs::rows),
                hub.clock(),
                options.continuationLife());
        this.configurations = new Configurations(hub, store, options.configurationInterval());
        this.digitalTwins = new DigitalTwins(hub.twins(), hub.methods());
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

    @Override
    public void close() {
        configurations.close();
        jobs.close();
    }
}
