package io.hubwire.service;

import io.hubwire.https.Await;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Work on many devices: scheduled twin updates and methods, import and export of the registry. Failures as {@link
 * ServiceClient} says; those that matter here are {@code NOT_FOUND}, {@code CONFLICT} for a job id that is taken, and
 * {@code THROTTLED} or {@code QUOTA_EXCEEDED} when too many run. Needs registry rights. Source: service-rest 8 and 9.
 */
public final class Jobs {
    private final ServiceCalls calls;
    private final Blocking blocking = new Blocking();

    Jobs(ServiceCalls calls) {
        this.calls = calls;
    }

    /** The same, waiting. */
    public Blocking blocking() {
        return blocking;
    }

    /** Merges {@code update} into many twins. @throws InvalidInputException when it breaks a rule of twins */
    public CompletableFuture<Job> scheduleTwinUpdate(JobSpec spec, TwinUpdate update) {
        return calls.send(JobRequests.twinUpdate(spec, update)).thenApply(a -> Job.read(Answers.object("job", a)));
    }

    /** Invokes a method on many devices. */
    public CompletableFuture<Job> scheduleMethod(JobSpec spec, MethodCall call) {
        return calls.send(JobRequests.method(spec, call)).thenApply(a -> Job.read(Answers.object("job", a)));
    }

    /** How far a scheduled job is. {@code NOT_FOUND} when there is none. */
    public CompletableFuture<Job> get(String jobId) {
        return calls.send(JobRequests.get(jobId)).thenApply(a -> Job.read(Answers.object("job", a)));
    }

    /** Stops what has not begun. */
    public CompletableFuture<Job> cancel(String jobId) {
        return calls.send(JobRequests.cancel(jobId)).thenApply(a -> Job.read(Answers.object("job", a)));
    }

    /**
     * One page of scheduled jobs.
     *
     * @param type {@code scheduleUpdateTwin} or {@code scheduleDeviceMethod}; empty for both
     * @param status empty for any
     */
    public CompletableFuture<Page<Job>> list(Optional<String> type, Optional<JobStatus> status, PageRequest which) {
        return calls.send(JobRequests.list(type, status, which))
                .thenApply(answer -> PageReader.read("list of jobs", answer, Job::read));
    }

    /** Starts an import or export; one at a time per hub. */
    public CompletableFuture<Job> start(RegistryTransfer transfer) {
        return calls.send(JobRequests.transfer(transfer)).thenApply(a -> Job.read(Answers.object("job", a)));
    }

    /** How far an import or export is. {@code NOT_FOUND} when there is none. */
    public CompletableFuture<Job> getTransfer(String jobId) {
        return calls.send(JobRequests.getTransfer(jobId)).thenApply(a -> Job.read(Answers.object("job", a)));
    }

    /** All imports and exports the hub remembers. */
    public CompletableFuture<List<Job>> listTransfers() {
        return calls.send(JobRequests.listTransfers())
                .thenApply(answer -> Answers.list("list of jobs", answer, Job::read));
    }

    /** Stops an import or export. {@code NOT_FOUND} when there is none. */
    public CompletableFuture<Void> cancelTransfer(String jobId) {
        return calls.send(JobRequests.cancelTransfer(jobId)).thenAccept(answer -> {});
    }

    /** {@link Jobs}, waiting for each answer; failures are thrown. */
    public final class Blocking {
        private Blocking() {}

        /** @see Jobs#scheduleTwinUpdate */
        public Job scheduleTwinUpdate(JobSpec spec, TwinUpdate update) {
            return Await.on(Jobs.this.scheduleTwinUpdate(spec, update));
        }

        /** @see Jobs#scheduleMethod */
        public Job scheduleMethod(JobSpec spec, MethodCall call) {
            return Await.on(Jobs.this.scheduleMethod(spec, call));
        }

        /** @see Jobs#get */
        public Job get(String jobId) {
            return Await.on(Jobs.this.get(jobId));
        }

        /** @see Jobs#cancel */
        public Job cancel(String jobId) {
            return Await.on(Jobs.this.cancel(jobId));
        }

        /** @see Jobs#list */
        public Page<Job> list(Optional<String> type, Optional<JobStatus> status, PageRequest which) {
            return Await.on(Jobs.this.list(type, status, which));
        }

        /** @see Jobs#start */
        public Job start(RegistryTransfer transfer) {
            return Await.on(Jobs.this.start(transfer));
        }

        /** @see Jobs#getTransfer */
        public Job getTransfer(String jobId) {
            return Await.on(Jobs.this.getTransfer(jobId));
        }

        /** @see Jobs#listTransfers */
        public List<Job> listTransfers() {
            return Await.on(Jobs.this.listTransfers());
        }

        /** @see Jobs#cancelTransfer */
        public void cancelTransfer(String jobId) {
            Await.on(Jobs.this.cancelTransfer(jobId));
        }
    }
}
