package io.hubwire.service;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.json.Json;
import java.time.Instant;
import java.util.Optional;

/**
 * A job as the hub tells of it, scheduled or of import and export; a view of its document. Immutable; {@link #toString}
 * shows no address of a blob. Source: service-rest 8 and 9.
 */
public final class Job {
    /**
     * On how many devices it stands how; each 0 or more.
     *
     * @param devices all that it is for
     * @param pending those it has not come to
     */
    public record Counts(int devices, int succeeded, int failed, int running, int pending) {}

    private final ObjectNode document;

    private Job(ObjectNode ownedDocument) {
        this.document = ownedDocument;
    }

    static Job read(ObjectNode document) {
        return new Job(document.deepCopy());
    }

    public String id() {
        return Fields.requiredText(document, "jobId");
    }

    /** {@code scheduleDeviceMethod}, {@code scheduleUpdateTwin}, {@code import}, {@code export}; possibly empty. */
    public String type() {
        return Fields.text(document, "type").orElse("");
    }

    /** How far it is; {@code UNKNOWN} also when not told. */
    public JobStatus status() {
        return Fields.text(document, "status").map(JobStatus::of).orElse(JobStatus.UNKNOWN);
    }

    /** Which devices; empty for import and export. */
    public Optional<String> queryCondition() {
        return Fields.text(document, "queryCondition");
    }

    /** Empty when not told. */
    public Optional<Instant> createdTime() {
        return Fields.time(document, "createdTime");
    }

    /** When it began, or is to begin; empty when not told. */
    public Optional<Instant> startTime() {
        return Fields.time(document, "startTime").or(() -> Fields.time(document, "startTimeUtc"));
    }

    /** Empty until it has ended. */
    public Optional<Instant> endTime() {
        return Fields.time(document, "endTime").or(() -> Fields.time(document, "endTimeUtc"));
    }

    /** For people; empty unless it failed. */
    public Optional<String> failureReason() {
        return Fields.text(document, "failureReason");
    }

    /** Of import and export, in per cent, 0 to 100; 0 of other jobs. */
    public int progress() {
        return Fields.smallNumber(document, "progress");
    }

    /** Of scheduled jobs; zeros while nothing is known. */
    public Counts counts() {
        ObjectNode statistics = Fields.object(document, "deviceJobStatistics");
        return new Counts(
                Fields.smallNumber(statistics, "deviceCount"),
                Fields.smallNumber(statistics, "succeededCount"),
                Fields.smallNumber(statistics, "failedCount"),
                Fields.smallNumber(statistics, "runningCount"),
                Fields.smallNumber(statistics, "pendingCount"));
    }

    /** The whole document. */
    public String json() {
        return Json.write(document);
    }

    /** A copy of the whole document. */
    public ObjectNode tree() {
        return document.deepCopy();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Job that && document.equals(that.document);
    }

    @Override
    public int hashCode() {
        return document.hashCode();
    }

    @Override
    public String toString() {
        return "Job[" + id() + ", " + type() + ", " + status() + "]";
    }
}
