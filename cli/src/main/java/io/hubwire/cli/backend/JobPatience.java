package io.hubwire.cli.backend;

import io.hubwire.cli.context.CliContext;
import io.hubwire.cli.context.Pace;
import io.hubwire.cli.output.ExitCode;
import io.hubwire.cli.output.Progress;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.TransportException;
import io.hubwire.service.Job;
import io.hubwire.service.JobStatus;
import io.hubwire.service.ServiceClient;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import picocli.CommandLine.Option;

/** Whether a command waits for the end of its job, with a progress bar where a person watches. */
final class JobPatience {
    private static final Duration POLL = Duration.ofMillis(500);

    @Option(
            names = "--wait",
            description = "Wait for the end; exit 1 when the job failed, was cancelled, or failed on a device.")
    private boolean wait;

    @Option(
            names = "--timeout",
            paramLabel = "D",
            defaultValue = "10m",
            description = "With --wait: at most so long, then exit 3. Default 10m.")
    private Duration timeout = Duration.ofMinutes(10);

    /** Prints the job as it is, or as it ended. */
    int answer(CliContext context, ServiceClient service, Job job) throws InterruptedException {
        if (!wait) {
            print(context, job);
            return ExitCode.DONE.code();
        }
        Job ended = await(context, service, job);
        print(context, ended);
        boolean good = ended.status() == JobStatus.COMPLETED && ended.counts().failed() == 0;
        return good ? ExitCode.DONE.code() : ExitCode.FAILED.code();
    }

    private Job await(CliContext context, ServiceClient service, Job first) throws InterruptedException {
        Instant end = context.clock().instant().plus(timeout);
        Pace pace = new Pace();
        Job job = first;
        try (Progress progress = context.terminal().progress("job", 0, "devices")) {
            while (!job.status().isEnd()) {
                if (!context.clock().instant().isBefore(end)) {
                    throw new TransportException(
                            ErrorCode.TIMED_OUT,
                            "job [" + job.id() + "] did not end in " + timeout.toSeconds() + " s; it goes on");
                }
                pace.pause(POLL);
                job = service.jobs().blocking().get(job.id());
                Job.Counts counts = job.counts();
                progress.at(counts.succeeded() + counts.failed(), counts.devices());
            }
            return job;
        }
    }

    static void print(CliContext context, Job job) {
        context.answer(job.tree(), () -> {
            Job.Counts counts = job.counts();
            context.terminal()
                    .line(String.format(
                            "job %s  %s  %s",
                            job.id(), job.type(), job.status().name().toLowerCase(Locale.ROOT)));
            if (counts.devices() > 0) {
                context.terminal()
                        .line(String.format(
                                "%d devices: %d succeeded, %d failed, %d running, %d pending",
                                counts.devices(),
                                counts.succeeded(),
                                counts.failed(),
                                counts.running(),
                                counts.pending()));
            }
            job.failureReason().ifPresent(context.terminal()::line);
        });
    }
}
