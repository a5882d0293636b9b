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
import org.jspecify.annotations.Nullable;

/**
 * The state of one job. Its lock is a leaf.
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

    Job(JobRequest request, Instant now) {
        this.request = request;
        this.created = now;
        this.start = request.start();
        this.status = request.start().isAfter(now) ? Status.SCHEDULED : Status.QUEUED;
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
        }
    }

    /** Whether it may run; not when it was cancelled meanwhile. */
    synchronized boolean begin(Instant now) {
        if (status != Status.QUEUED) {
            return false;
        }
        status = Status.RUNNING;
        begun = true;
        start = now;
        return true;
    }

    synchronized void addTargets(List<Identity> found, Instant now) {
        for (Identity identity : found) {
            if (status == Status.RUNNING
                    && devices.put(identity.clientId(), DeviceJob.pending(identity, now)) == null) {
                pending.add(identity);
            }
        }
    }

    /** There will be no more targets. */
    synchronized void targetsAreKnown(Instant now) {
        targetsKnown = true;
        endIfDone(now);
    }

    /** The next devices to work on, marked as running. */
    synchronized List<Identity> take(int atMost, Instant now) {
        List<Identity> taken = new ArrayList<>();
        while (status == Status.RUNNING && taken.size() < atMost && !pending.isEmpty()) {
            Identity next = pending.remove();
            devices.computeIfPresent(next.clientId(), (id, device) -> device.running(now));
            taken.add(next);
        }
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
            devices.replaceAll((id, device) -> device.isOver() ? device : device.canceled(now));
            end(Status.CANCELLED, now);
        }
    }

    /** It took too long. */
    synchronized void expire(Instant now) {
        if (!status.isEnd()) {
            failureReason =
                    "The job was not done after " + request.maxExecution().toSeconds() + " seconds";
            HubException late = new HubException(HubError.REQUEST_TIMED_OUT, failureReason);
            devices.replaceAll((id, device) -> device.isOver() ? device : device.failed(late, now));
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
        devices.put(
                identity.clientId(),
                failure.map(reason -> device.failed(reason, now)).orElseGet(() -> device.completed(answer, now)));
        over++;
        endIfDone(now);
    }

    private void endIfDone(Instant now) {
        if (status == Status.RUNNING && targetsKnown && over == devices.size()) {
            end(Status.COMPLETED, now);
        }
    }

    private void end(Status how, Instant now) {
        status = how;
        ended = now;
        pending.clear();
    }
}
