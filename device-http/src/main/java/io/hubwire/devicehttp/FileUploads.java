package io.hubwire.devicehttp;

import io.hubwire.https.AuthorizedCalls;
import io.hubwire.https.Await;
import io.hubwire.https.HttpsClient;
import io.hubwire.https.HttpsOptions;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.http.FileUpload;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Uploads files of a device to the blob storage that belongs to its hub. {@link #upload} does all of it: asks the hub for a
 * place, brings the file there, and tells the hub how it went, whatever happens; {@link #initiate} and {@link #finish} are
 * for those who bring it there themselves. Failures as {@link HttpDeviceClient} says. Source: device-http 6.
 */
public final class FileUploads {
    private static final Logger LOG = LoggerFactory.getLogger(FileUploads.class);
    private static final long FAREWELL_MILLIS = 400;

    private final AuthorizedCalls calls;
    private final DeviceRequests requests;
    private final String device;
    private final HttpsOptions hub;
    private final Function<HttpsOptions, HttpsClient> open;
    private final ThreadPoolExecutor disk;
    private final Set<CompletableFuture<?>> underWay = ConcurrentHashMap.newKeySet();
    private final Set<CompletableFuture<?>> farewells = ConcurrentHashMap.newKeySet();
    private final Blocking blocking = new Blocking();
    private volatile boolean closed;

    /** @param open makes the client for the blob service */
    FileUploads(
            AuthorizedCalls calls,
            DeviceRequests requests,
            String device,
            HttpsOptions hub,
            Function<HttpsOptions, HttpsClient> open) {
        this.calls = calls;
        this.requests = requests;
        this.device = device;
        this.hub = hub;
        this.open = open;
        this.disk = new ThreadPoolExecutor(1, 1, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
            Thread thread = new Thread(task, "hubwire-upload-" + hub.hostName());
            thread.setDaemon(true);
            return thread;
        });
        disk.allowCoreThreadTimeOut(true);
    }

    /** The same, waiting. */
    public Blocking blocking() {
        return blocking;
    }

    /**
     * Uploads a file: at once if it is small, else in blocks, several at a time, each repeated after a lost connection and
     * checked by the store against its MD5. The hub is told of success or failure in any case, also when the upload is
     * cancelled or the client closed meanwhile; for a program that ends in between, see {@link
     * UploadOptions.Builder#journal}.
     *
     * @param blobName without the device's id, which the hub puts in front; may have slashes
     * @return a stage that completes when the hub has been told. It fails with what the upload failed with, among others
     *     {@code STORAGE_FAILED} when the file can no longer be read; {@code QUOTA_EXCEEDED} stands for ten open uploads.
     *     Cancelling it ends the upload
     * @throws io.hubwire.protocol.TransportException {@code STORAGE_FAILED} at once, when there is no such file
     */
    public CompletableFuture<UploadResult> upload(Path file, String blobName, UploadOptions options) {
        if (closed) {
            throw new IllegalStateException("the client of [" + device + "] is closed");
        }
        Optional<UploadJournal> journal = options.journal().map(folder -> new UploadJournal(folder, device));
        CompletableFuture<UploadResult> result = new UploadRun(
                        this, file, blobName, options, journal, target -> open.apply(target.https(hub)), disk)
                .start();
        track(underWay, result);
        return result;
    }

    /** Tells the hub how it went, and strikes the upload from the journal once there is nothing more to tell. */
    CompletableFuture<Void> tell(
            FileUpload.Outcome outcome, FileUpload.Ticket ticket, Optional<UploadJournal> journal) {
        CompletableFuture<Void> told;
        try {
            told = finish(outcome);
        } catch (IllegalStateException clientClosed) {
            told = CompletableFuture.failedFuture(clientClosed);
        }
        return told.handle((nothing, failure) -> {
            boolean settled = failure == null || isSettledAnyway(Await.cause(failure));
            if (settled) {
                journal.ifPresent(j -> j.closed(ticket));
            }
            return rethrow(failure);
        });
    }

    private static @Nullable Void rethrow(@Nullable Throwable failure) {
        if (failure == null) {
            return null;
        }
        if (Await.cause(failure) instanceof RuntimeException known) {
            throw known;
        }
        throw new IllegalStateException("unexpected failure", failure);
    }

    /** The hub no longer knows the upload, so there is nothing left to tell it. */
    private static boolean isSettledAnyway(Throwable failure) {
        return failure instanceof HubwireException refused
                && (refused.code() == ErrorCode.EXPIRED || refused.code() == ErrorCode.INVALID_ARGUMENT);
    }

    /**
     * Opens an upload: where to put the file, and by which right.
     *
     * @param blobName without the device's id, which the hub puts in front; may have slashes
     * @return fails with {@code QUOTA_EXCEEDED} when the device has ten open
     */
    public CompletableFuture<FileUpload.Ticket> initiate(String blobName) {
        return calls.send(requests.initiateUpload(blobName))
                .thenApply(answer -> FileUpload.Ticket.parse(answer.body()));
    }

    /** Closes an upload, well or not. Fails with {@code EXPIRED} (400016) when its time was over. */
    public CompletableFuture<Void> finish(FileUpload.Outcome outcome) {
        return calls.send(requests.notifyUpload(outcome)).thenAccept(answer -> {});
    }

    /**
     * Tells the hub that all uploads of this device that a journal still holds have failed, so that they no longer count
     * as open. For the start of a program; not while another one uploads by the same journal.
     *
     * @return how many there were, 0 or more; fails when the hub could not be told of one, which stays in the journal then
     */
    public CompletableFuture<Integer> settleLeftOvers(Path journalFolder) {
        UploadJournal journal = new UploadJournal(journalFolder, device);
        List<UploadJournal.Entry> left = journal.open();
        CompletableFuture<?>[] told = left.stream()
                .map(entry -> tell(
                                new FileUpload.Outcome(
                                        entry.ticket().correlationId(), false, -1, "the program ended in between"),
                                entry.ticket(),
                                Optional.of(journal))
                        .exceptionally(failure -> {
                            if (isSettledAnyway(Await.cause(failure))) {
                                return rethrow(null);
                            }
                            return rethrow(failure);
                        }))
                .toArray(CompletableFuture<?>[]::new);
        return CompletableFuture.allOf(told).thenApply(nothing -> left.size());
    }

    /** {@link #close} waits for it, a moment. */
    void awaitAtClose(CompletableFuture<?> told) {
        track(farewells, told);
    }

    private static void track(Set<CompletableFuture<?>> set, CompletableFuture<?> stage) {
        set.add(stage);
        stage.whenComplete((value, failure) -> set.remove(stage));
    }

    /** Ends uploads; waits a moment for the hub to be told. Idempotent. */
    synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        underWay.forEach(upload -> upload.cancel(false));
        try {
            // what was cancelled turns into farewells on this thread
            disk.submit(() -> {}).get(FAREWELL_MILLIS, TimeUnit.MILLISECONDS);
            CompletableFuture.allOf(farewells.toArray(CompletableFuture<?>[]::new))
                    .get(FAREWELL_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException unheard) {
            LOG.debug("closed before the hub was told of all uploads that ended", unheard);
        }
        disk.shutdown();
    }

    /** {@link FileUploads}, waiting for each answer; failures are thrown. */
    public final class Blocking {
        private Blocking() {}

        /** @see FileUploads#upload */
        public UploadResult upload(Path file, String blobName, UploadOptions options) {
            return Await.on(FileUploads.this.upload(file, blobName, options));
        }

        /** @see FileUploads#initiate */
        public FileUpload.Ticket initiate(String blobName) {
            return Await.on(FileUploads.this.initiate(blobName));
        }

        /** @see FileUploads#finish */
        public void finish(FileUpload.Outcome outcome) {
            Await.on(FileUploads.this.finish(outcome));
        }

        /** @see FileUploads#settleLeftOvers */
        public int settleLeftOvers(Path journalFolder) {
            return Await.on(FileUploads.this.settleLeftOvers(journalFolder));
        }
    }
}
