package io.hubwire.service;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * When and on which devices a job runs. Source: service-rest 8.
 *
 * @param jobId chosen by the caller, unique in the hub; not empty
 * @param queryCondition the WHERE part of a query without the keyword; {@code *} for all devices
 * @param startTime to the millisecond; null for at once
 * @param maxExecutionTime a second or more, cut to whole seconds
 */
public record JobSpec(
        String jobId, String queryCondition, @Nullable Instant startTime, Duration maxExecutionTime) {
    private static final DateTimeFormatter MILLIS = DateTimeFormatter.ofPattern(
                    "uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /** @throws InvalidInputException when a rule above is broken */
    public JobSpec {
        if (jobId.isBlank()) {
            throw new InvalidInputException("job id [" + jobId + "] is blank");
        }
        if (queryCondition.isBlank()) {
            throw new InvalidInputException("query condition of job [" + jobId + "] is empty; * means all devices");
        }
        if (maxExecutionTime.toSeconds() < 1) {
            throw new InvalidInputException("maxExecutionTime [" + maxExecutionTime + "] must be a second or more");
        }
    }

    /** At once, for at most an hour. */
    public static JobSpec now(String jobId, String queryCondition) {
        return new JobSpec(jobId, queryCondition, null, Duration.ofHours(1));
    }

    /** A copy that starts then. */
    public JobSpec startingAt(Instant time) {
        return new JobSpec(jobId, queryCondition, time, maxExecutionTime);
    }

    /** A copy that may take so long. */
    public JobSpec within(Duration time) {
        return new JobSpec(jobId, queryCondition, startTime, time);
    }

    ObjectNode body(String type) {
        return Json.object()
                .put("jobId", jobId)
                .put("type", type)
                .put("queryCondition", queryCondition)
                .put("startTime", startTime == null ? null : MILLIS.format(startTime))
                .put("maxExecutionTimeInSeconds", maxExecutionTime.toSeconds());
    }
}
