package io.hubwire.localhub.management;

import io.hubwire.localhub.engine.Hub;
import io.hubwire.localhub.engine.Twins.Kind;
import io.hubwire.localhub.engine.jobs.Jobs;
import io.hubwire.localhub.engine.query.Source;
import io.hubwire.localhub.engine.search.Queries;
import io.hubwire.localhub.engine.search.TwinRows;
import io.hubwire.localhub.store.Store;
import java.time.Duration;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Queries, jobs, configurations and digital twins of one hub. Put together here and nowhere else; closing it ends what
 * still runs. Thread-safe.
 */
public final class DeviceManagement implements AutoCloseable {
    private final Jobs jobs;
    private final Queries queries;

    /** Starts over what the store holds. */
    public DeviceManagement(Hub hub, Store store, RandomGenerator random) {
        this.jobs = new Jobs(hub);
        this.queries = new Queries(
                Map.of(
                        Source.DEVICES, new TwinRows(hub.twins(), Kind.DEVICE),
                        Source.MODULES, new TwinRows(hub.twins(), Kind.MODULE),
                        Source.JOBS, jobs::rows),
                hub.clock(),
                Duration.ofMinutes(5));
    }

    /** The query language over this hub. */
    public Queries queries() {
        return queries;
    }

    /** Scheduled jobs. */
    public Jobs jobs() {
        return jobs;
    }

    @Override
    public void close() {}
}
