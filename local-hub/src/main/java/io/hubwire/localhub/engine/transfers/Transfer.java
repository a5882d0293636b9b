package io.hubwire.localhub.engine.transfers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.hubwire.protocol.Secrets;
import io.hubwire.protocol.WireTime;
import io.hubwire.protocol.json.Json;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The state of one import or export. Its lock is a leaf. */
final class Transfer {
    enum Status {
        ENQUEUED,
        RUNNING,
        COMPLETED,
        FAILED,
        CANCELLED;

        boolean isEnd() {
            return this == COMPLETED || this == FAILED || this == CANCELLED;
        }
    }

    private final String jobId;
    private final ObjectNode request;
    private Status status = Status.ENQUEUED;
    private int progress;
    private @Nullable Instant started;
    private @Nullable Instant ended;
    private @Nullable String failureReason;

    /** @param request what was asked; shown again, with its addresses but without their signatures */
    Transfer(String jobId, ObjectNode request) {
        this.jobId = jobId;
        this.request = request.deepCopy();
    }

    String jobId() {
        return jobId;
    }

    ObjectNode request() {
        return request.deepCopy();
    }

    boolean isImport() {
        return request.path("type").asText().equalsIgnoreCase("import");
    }

    /** Whether configurations are carried as well as identities. */
    boolean withConfigurations() {
        return request.path("includeConfigurations").asBoolean();
    }

    synchronized boolean isOver() {
        return status.isEnd();
    }

    /** Whether it may begin; not when it was cancelled. */
    synchronized boolean begin(Instant now) {
        if (status != Status.ENQUEUED) {
            return false;
        }
        status = Status.RUNNING;
        started = now;
        return true;
    }

    /** @param percent 0 to 99 while it runs */
    synchronized void progress(int percent) {
        progress = Math.max(progress, Math.min(percent, 99));
    }

    synchronized void complete(Instant now) {
        if (!status.isEnd()) {
            progress = 100;
            end(Status.COMPLETED, now);
        }
    }

    synchronized void fail(String reason, Instant now) {
        if (!status.isEnd()) {
            failureReason = reason;
            end(Status.FAILED, now);
        }
    }

    /** No change when it is over. */
    synchronized void cancel(Instant now) {
        if (!status.isEnd()) {
            end(Status.CANCELLED, now);
        }
    }

    private void end(Status how, Instant now) {
        status = how;
        ended = now;
    }

    /** Whoever may see jobs may not thereby see what they wrote. */
    private static JsonNode withoutSignature(JsonNode value) {
        return value.isTextual() ? TextNode.valueOf(Secrets.mask(value.textValue())) : value.deepCopy();
    }

    /** The job in the JSON of the service API. */
    synchronized ObjectNode toJson() {
        ObjectNode json = Json.object();
        json.put("jobId", jobId);
        json.put("startTimeUtc", started == null ? null : WireTime.format(started));
        json.put("endTimeUtc", ended == null ? null : WireTime.format(ended));
        request.properties().forEach(member -> json.set(member.getKey(), withoutSignature(member.getValue())));
        json.put("jobId", jobId);
        json.put("status", status.name().toLowerCase(Locale.ROOT));
        json.put("progress", progress);
        if (failureReason != null) {
            json.put("failureReason", failureReason);
        }
        return json;
    }
}
