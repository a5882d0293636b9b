package io.hubwire.localhub.engine.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.Hub;
import io.hubwire.localhub.engine.HubException;
import io.hubwire.localhub.engine.Twins.Kind;
import io.hubwire.localhub.engine.query.Source;
import io.hubwire.localhub.engine.search.Rows;
import io.hubwire.localhub.engine.search.TwinRows;
import io.hubwire.localhub.store.Store;
import io.hubwire.protocol.HubError;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/**
 * The hub's scheduled jobs, in the JSON of the service API. So many run at once as a hub of the largest tier allows; others
 * wait for their turn. Thread-safe. Source: service-rest 8.
 */
public final class Jobs implements AutoCloseable {
    private static final int MAX_RUNNING = 10;
    private static final int MAX_REMEMBERED = 1_000;
    private static final Duration HISTORY = Duration.ofDays(30);

    private final Hub hub;
    private final JobArchive archive;
    private final Rows devices;
    private final Rows modules;
    private final ConcurrentSkipListMap<String, Job> jobs = new ConcurrentSkipListMap<>();
    private final Deque<Job> waiting = new ArrayDeque<>();
    private int running;

    /**
     * The jobs that the store holds. What was not over goes on.
     *
     * @param store the hub's
     */
    public Jobs(Hub hub, Store store) {
        this.hub = hub;
        this.archive = new JobArchive(store);
        this.devices = new TwinRows(hub.twins(), Kind.DEVICE);
        this.modules = new TwinRows(hub.twins(), Kind.MODULE);
        for (Job job : archive.load()) {
            jobs.put(job.request().jobId(), job);
            if (!job.status().isEnd()) {
                plan(job);
            }
        }
    }

    /**
     * Makes a job, which begins at its start time.
     *
     * @return the job with what it will do
     * @throws HubException 400004, 409104, and 403003 when a thousand jobs are not over yet
     */
    public ObjectNode create(String jobId, ObjectNode body) {
        Instant now = hub.clock().instant();
        JobRequest request = JobRequest.read(jobId, body, now);
        Job job = new Job(request, now, archive);
        synchronized (this) {
            forgetOld(now);
            if (jobs.containsKey(jobId)) {
                throw new HubException(HubError.JOB_ALREADY_EXISTS, "A job with ID '" + jobId + "' exists already");
            }
            job.save();
            jobs.put(jobId, job);
        }
        ObjectNode answer = job.toJson(false);
        answer.set(request.work().member(), request.echo());
        plan(job);
        return answer;
    }

    /** Lets it wait for its start time, then for its turn. */
    private void plan(Job job) {
        Duration wait = Duration.between(hub.clock().instant(), job.request().start());
        hub.timer().schedule(wait.isNegative() ? Duration.ZERO : wait, () -> {
            job.queue();
            synchronized (this) {
                waiting.add(job);
            }
            runNext();
        });
    }

    /**
     * A job, with its statistics once it has begun.
     *
     * @throws HubException 404002
     */
    public ObjectNode get(String jobId) {
        Job job = require(jobId);
        return job.toJson(job.hasBegun());
    }

    /**
     * Ends a job. One that is over stays as it is.
     *
     * @throws HubException 404002
     */
    public ObjectNode cancel(String jobId) {
        Job job = require(jobId);
        job.cancel(hub.clock().instant());
        return job.toJson(false);
    }

    /**
     * All jobs.
     *
     * @param type empty for any; without regard to case, as is the status
     */
    public List<ObjectNode> list(Optional<String> type, Optional<String> status) {
        return jobs.values().stream()
                .filter(job ->
                        type.map(job.request().work().type()::equalsIgnoreCase).orElse(true))
                .filter(job -> status.map(job::isOfStatus).orElse(true))
                .map(job -> job.toJson(false))
                .toList();
    }

    /** {@code devices.jobs}: what each job did on each device, by job and by device. */
    public List<Rows.Row> rows(@Nullable String after, int limit) {
        int slash = after == null ? -1 : after.indexOf('/');
        String job = after == null ? "" : after.substring(0, slash);
        String device = after == null ? null : after.substring(slash + 1);
        List<Rows.Row> rows = new ArrayList<>();
        for (Job each : jobs.tailMap(job, true).values()) {
            boolean first = each.request().jobId().equals(job);
            rows.addAll(each.rows(first ? device : null, limit - rows.size()));
            if (rows.size() >= limit) {
                break;
            }
        }
        return rows;
    }

    /** Ends the work; what is not over goes on when the hub does. Idempotent. */
    @Override
    public void close() {
        jobs.values().forEach(job -> job.detach(hub.clock().instant()));
    }

    private Job require(String jobId) {
        Job job = jobs.get(jobId);
        if (job == null) {
            throw new HubException(HubError.JOB_NOT_FOUND, jobId);
        }
        return job;
    }

    private void runNext() {
        Job next;
        synchronized (this) {
            do {
                next = running < MAX_RUNNING ? waiting.poll() : null;
            } while (next != null && !next.begin(hub.clock().instant()));
            if (next == null) {
                return;
            }
            running++;
        }
        new JobRun(next, hub, next.request().target().source() == Source.MODULES ? modules : devices, () -> {
            synchronized (this) {
                running--;
            }
            runNext();
        });
    }

    private void forgetOld(Instant now) {
        Instant oldest = now.minus(HISTORY);
        jobs.values().removeIf(job -> {
            boolean old = job.ended().filter(oldest::isAfter).isPresent();
            if (old) {
                archive.forget(job.request().jobId());
            }
            return old;
        });
        if (jobs.size() < MAX_REMEMBERED) {
            return;
        }
        Job first = jobs.values().stream()
                .filter(job -> job.ended().isPresent())
                .min(Comparator.comparing(job -> job.ended().orElseThrow()))
                .orElseThrow(() -> new HubException(
                        HubError.JOB_QUOTA_EXCEEDED, MAX_REMEMBERED + " jobs wait or run; that is as many as may"));
        archive.forget(first.request().jobId());
        jobs.remove(first.request().jobId());
    }
}
