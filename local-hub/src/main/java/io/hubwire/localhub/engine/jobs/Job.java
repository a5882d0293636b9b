package io.hubwire.localhub.engine.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.DirectMethods.Result;
import io.hubwire.localhub.engine.HubException;
import io.hubwire.localhub.engine.search.Rows.Row;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.WireTime;
import io.hubwire.protocol.json.Json;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The state of one job, which the store is told of under its lock; otherwise that is a leaf.
 *
 * <pre>
 * scheduled -- start time --> queued -- its turn --> running -- all devices done --> completed
 *     |                         |                       |------ too long ----------> failed
 *     +-------------------------+------- cancel --------+--------------------------> cancelled
 * </pre>
 *
 * A job whose devices all failed is completed nonetheless: its statistics tell. Source: service-rest 8.
 */
final class Job {
    enum Status {
        SCHEDULED("scheduled"),
        QUEUED("queued"),
        RUNNING("running"),
        COMPLETED("completed"),
        FAILED("failed"),
        CANCELLED("cancelled");

        private final String wireName;

        Status(String wireName) {
            this.wireName = wireName;
        }

        boolean isEnd() {
            return this == COMPLETED || this == FAILED || this == CANCELLED;
        }
    }

    private final JobRequest request;
    private final Instant created;
    private final NavigableMap<String, DeviceJob> devices = new TreeMap<>();
    private final Deque<Identity> pending = new ArrayDeque<>();
    private Status status;
    private Instant start;
    private boolean begun;
    private boolean targetsKnown;
    private int over;
    private @Nullable Instant ended;
    private @Nullable String failureReason;
    private final JobArchive archive;
    private boolean detached;

    Job(JobRequest request, Instant now, JobArchive archive) {
        this.request = request;
        this.archive = archive;
        this.created = now;
        this.start = request.start();
        this.status = request.start().isAfter(now) ? Status.SCHEDULED : Status.QUEUED;
    }

    /**
     * A job as it was when the hub ended. One that ran waits for its turn again: devices that had a twin update under way
     * get it once more, which changes nothing; methods are not called twice.
     */
    static Job restore(String jobId, ObjectNode document, List<DeviceJob> devices, JobArchive archive) {
        Instant created = Instant.parse(document.path("created").asText());
        Job job = new Job(
                JobRequest.read(
                        jobId, Json.parseObject("job", document.path("request").toString()), created),
                created,
                archive);
        job.status = Status.valueOf(document.path("status").asText());
        job.start = Instant.parse(document.path("start").asText());
        job.begun = document.path("begun").asBoolean();
        job.targetsKnown = document.path("targetsKnown").asBoolean();
        job.ended = DeviceJob.time(document.path("ended"));
        job.failureReason = document.path("failureReason").textValue();
        devices.forEach(job::restore);
        if (job.status == Status.RUNNING) {
            job.status = Status.QUEUED;
        }
        return job;
    }

    private void restore(DeviceJob device) {
        DeviceJob now = device;
        if (device.status() == DeviceJob.Status.RUNNING) {
            now = request.work() instanceof JobRequest.Work.InvokeMethod
                    ? device.failed(
                            new HubException(HubError.SERVER_ERROR, "the hub ended while the method was under way"),
                            device.updated())
                    : DeviceJob.pending(device.identity(), device.created());
        }
        devices.put(device.identity().clientId(), now);
        if (now.isOver()) {
            over++;
        } else if (!status.isEnd()) {
            pending.add(now.identity());
        }
    }

    /** As it is stored, without its devices. */
    private ObjectNode toDocument() {
        ObjectNode json = Json.object()
                .put("created", created.toString())
                .put("status", status.name())
                .put("start", start.toString())
                .put("begun", begun)
                .put("targetsKnown", targetsKnown)
                .put("ended", ended == null ? null : ended.toString())
                .put("failureReason", failureReason);
        json.set("request", request.toJson());
        return json;
    }

    /** Has the store know the job as it is now. */
    synchronized void save() {
        if (!detached) {
            archive.save(request.jobId(), toDocument());
        }
    }

    private void save(List<DeviceJob> changed) {
        if (!detached) {
            archive.saveDevices(request.jobId(), changed);
        }
    }

    /** The hub ends: the job goes on, if ever, from what is stored. */
    synchronized void detach(Instant now) {
        detached = true;
        cancel(now);
    }

    /** Whether all devices are known, so that only work is left. */
    synchronized boolean knowsItsTargets() {
        return targetsKnown;
    }

    /** When it has taken too long. */
    synchronized Instant deadline() {
        return start.plus(request.maxExecution());
    }

    JobRequest request() {
        return request;
    }

    synchronized Status status() {
        return status;
    }

    synchronized Optional<Instant> ended() {
        return Optional.ofNullable(ended);
    }

    /** Whether it has worked, or looked for devices to work on. */
    synchronized boolean hasBegun() {
        return begun;
    }

    /** Its start time has come. */
    synchronized void queue() {
        if (status == Status.SCHEDULED) {
            status = Status.QUEUED;
            save();
        }
    }

    /** Whether it may run; not when it was cancelled meanwhile. */
    synchronized boolean begin(Instant now) {
        if (status != Status.QUEUED) {
            return false;
        }
        status = Status.RUNNING;
        if (!begun) {
            begun = true;
            start = now;
        }
        save();
        return true;
    }

    synchronized void addTargets(List<Identity> found, Instant now) {
        List<DeviceJob> added = new ArrayList<>();
        for (Identity identity : found) {
            DeviceJob device = DeviceJob.pending(identity, now);
            if (status == Status.RUNNING && devices.putIfAbsent(identity.clientId(), device) == null) {
                pending.add(identity);
                added.add(device);
            }
        }
        save(added);
    }

    /** There will be no more targets. */
    synchronized void targetsAreKnown(Instant now) {
        targetsKnown = true;
        save();
        endIfDone(now);
    }

    /** The next devices to work on, marked as running. */
    synchronized List<Identity> take(int atMost, Instant now) {
        List<Identity> taken = new ArrayList<>();
        List<DeviceJob> running = new ArrayList<>();
        while (status == Status.RUNNING && taken.size() < atMost && !pending.isEmpty()) {
            Identity next = pending.remove();
            devices.computeIfPresent(next.clientId(), (id, device) -> {
                DeviceJob run = device.running(now);
                running.add(run);
                return run;
            });
            taken.add(next);
        }
        save(running);
        return taken;
    }

    synchronized void succeeded(Identity identity, @Nullable Result answer, Instant now) {
        settle(identity, now, Optional.empty(), answer);
    }

    synchronized void failed(Identity identity, HubException reason, Instant now) {
        settle(identity, now, Optional.of(reason), null);
    }

    /** Ends it; what runs on a device runs out unseen. No change when it is over. */
    synchronized void cancel(Instant now) {
        if (!status.isEnd()) {
            endDevices(device -> device.canceled(now));
            end(Status.CANCELLED, now);
        }
    }

    /** It took too long. */
    synchronized void expire(Instant now) {
        if (!status.isEnd()) {
            failureReason =
                    "The job was not done after " + request.maxExecution().toSeconds() + " seconds";
            HubException late = new HubException(HubError.REQUEST_TIMED_OUT, failureReason);
            endDevices(device -> device.failed(late, now));
            end(Status.FAILED, now);
        }
    }

    /** The job as {@code GET} shows it. */
    synchronized ObjectNode toJson(boolean withStatistics) {
        ObjectNode json = Json.object();
        json.put("jobId", request.jobId());
        json.put("queryCondition", request.condition());
        json.put("createdTime", WireTime.format(created));
        json.put("startTime", WireTime.format(start));
        json.put("endTime", ended == null ? null : WireTime.format(ended));
        json.put("maxExecutionTimeInSeconds", request.maxExecution().toSeconds());
        json.put("type", request.work().type());
        json.put("status", status.wireName);
        json.put("failureReason", failureReason);
        json.putNull("statusMessage");
        if (withStatistics) {
            json.set("deviceJobStatistics", statistics());
        }
        return json;
    }

    boolean isOfStatus(String wireName) {
        return status().wireName.equalsIgnoreCase(wireName);
    }

    /** Rows of {@code devices.jobs}; their ids begin with the job's. */
    synchronized List<Row> rows(@Nullable String afterClientId, int limit) {
        return (afterClientId == null ? devices : devices.tailMap(afterClientId, false))
                .entrySet().stream()
                        .limit(limit)
                        .map(e -> new Row(
                                request.jobId() + "/" + e.getKey(),
                                e.getValue()
                                        .toJson(request.jobId(), request.work().type())))
                        .toList();
    }

    private ObjectNode statistics() {
        return Json.object()
                .put("deviceCount", devices.size())
                .put("failedCount", count(DeviceJob.Status.FAILED))
                .put("succeededCount", count(DeviceJob.Status.COMPLETED))
                .put("runningCount", count(DeviceJob.Status.RUNNING))
                .put("pendingCount", count(DeviceJob.Status.PENDING));
    }

    private long count(DeviceJob.Status which) {
        return devices.values().stream()
                .filter(device -> device.status() == which)
                .count();
    }

    private void settle(Identity identity, Instant now, Optional<HubException> failure, @Nullable Result answer) {
        DeviceJob device = devices.get(identity.clientId());
        if (device == null || device.isOver()) {
            return; // cancelled or too late
        }
        DeviceJob settled =
                failure.map(reason -> device.failed(reason, now)).orElseGet(() -> device.completed(answer, now));
        devices.put(identity.clientId(), settled);
        save(List.of(settled));
        over++;
        endIfDone(now);
    }

    private void endIfDone(Instant now) {
        if (status == Status.RUNNING && targetsKnown && over == devices.size()) {
            end(Status.COMPLETED, now);
        }
    }

    private void endDevices(UnaryOperator<DeviceJob> how) {
        List<DeviceJob> changed = new ArrayList<>();
        devices.replaceAll((id, device) -> {
            DeviceJob after = device.isOver() ? device : how.apply(device);
            if (after != device) {
                changed.add(after);
            }
            return after;
        });
        save(changed);
    }

    private void end(Status how, Instant now) {
        status = how;
        ended = now;
        pending.clear();
        save();
    }
}
