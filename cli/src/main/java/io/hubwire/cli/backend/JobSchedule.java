package io.hubwire.cli.backend;

import io.hubwire.cli.context.Durations;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.service.JobSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** When a job runs, and on which devices. */
final class JobSchedule {
    @Option(
            names = "--where",
            required = true,
            paramLabel = "CONDITION",
            description = "The devices: the WHERE part of a query; * for all.")
    private String where = "";

    @Option(names = "--job-id", paramLabel = "ID", description = "Unique in the hub. Default: made here.")
    private @Nullable String jobId;

    @Option(
            names = "--start",
            paramLabel = "TIME|D",
            description = "2026-01-31T12:00:00Z, or from now on. Default now.")
    private @Nullable String start;

    @Option(names = "--max-time", paramLabel = "D", defaultValue = "1h", description = "The job's life. Default 1h.")
    private Duration maxTime = Duration.ofHours(1);

    JobSpec spec(Clock clock) {
        JobSpec spec = JobSpec.now(jobId == null ? UUID.randomUUID().toString() : jobId, where)
                .within(maxTime);
        return start == null ? spec : spec.startingAt(time(start, clock));
    }

    private static Instant time(String text, Clock clock) {
        if (Durations.isDuration(text)) {
            return clock.instant().plus(new Durations().convert(text));
        }
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new InvalidInputException(
                    "--start [" + text + "] is neither a duration such as 10m nor a time such as 2026-01-31T12:00:00Z"
                            + " (position " + (e.getErrorIndex() + 1) + ")",
                    e);
        }
    }
}
