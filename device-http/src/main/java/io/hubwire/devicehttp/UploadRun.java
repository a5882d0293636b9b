package io.hubwire.devicehttp;

import io.hubwire.https.Await;
import io.hubwire.https.HttpsClient;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.http.FileUpload;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One upload from asking to telling. Whatever ends it once the hub has opened it, the hub is told:
 *
 * <pre>
 * start -> (journal knows it) -> carry, resuming -> refused -> tell failure, ask anew
 *       -> ask -> note in journal -> carry -> well   -> tell success -> strike from journal -> done
 *                                          -> not so -> tell failure -> strike from journal -> failed
 * </pre>
 */
final class UploadRun {
    private static final Logger LOG = LoggerFactory.getLogger(UploadRun.class);

    private final FileUploads uploads;
    private final Path file;
    private final String blobName;
    private final UploadOptions options;
    private final Optional<UploadJournal> journal;
    private final String subject;
    private final Function<BlobTarget, HttpsClient> blobClients;
    private final Executor disk;
    private final CompletableFuture<UploadResult> result = new CompletableFuture<>();

    UploadRun(
            FileUploads uploads,
            Path file,
            String blobName,
            UploadOptions options,
            Optional<UploadJournal> journal,
            Function<BlobTarget, HttpsClient> blobClients,
            Executor disk) {
        this.uploads = uploads;
        this.file = file;
        this.blobName = blobName;
        this.options = options;
        this.journal = journal;
        this.subject = UploadJournal.subject(file, blobName);
        this.blobClients = blobClients;
        this.disk = disk;
    }

    /** Fails with what the upload failed with; cancelling it ends the upload. */
    CompletableFuture<UploadResult> start() {
        Optional<FileUpload.Ticket> earlier = journal.flatMap(j -> j.open().stream()
                .filter(entry -> entry.subject().equals(subject))
                .map(UploadJournal.Entry::ticket)
                .findFirst());
        earlier.ifPresentOrElse(ticket -> carry(ticket, true), this::ask);
        return result;
    }

    private void ask() {
        CompletableFuture<FileUpload.Ticket> unused = uploads.initiate(blobName)
                .whenCompleteAsync(
                        (ticket, failure) -> {
                            if (failure != null) {
                                result.completeExceptionally(Await.cause(failure));
                            } else {
                                note(ticket);
                            }
                        },
                        disk);
    }

    private void note(FileUpload.Ticket ticket) {
        try {
            journal.ifPresent(j -> j.opened(new UploadJournal.Entry(ticket, subject)));
        } catch (HubwireException noJournal) {
            failed(ticket, noJournal, () -> result.completeExceptionally(noJournal));
            return;
        }
        carry(ticket, false);
    }

    private void carry(FileUpload.Ticket ticket, boolean resuming) {
        HttpsClient blobs;
        Transfer transfer;
        try {
            BlobTarget target = new BlobTarget(ticket, options);
            blobs = blobClients.apply(target);
            transfer = new Transfer(blobs, target, ticket, file, options, disk);
        } catch (RuntimeException unusable) {
            failed(ticket, unusable, () -> result.completeExceptionally(unusable));
            return;
        }
        CompletableFuture<UploadResult> carried = transfer.start(resuming);
        CompletableFuture<UploadResult> unused = carried.whenCompleteAsync(
                (done, failure) -> {
                    blobs.close();
                    if (done != null) {
                        succeeded(ticket, done);
                        return;
                    }
                    Throwable why = Await.cause(failure);
                    boolean anew = resuming && isRefused(why);
                    failed(ticket, why, anew ? this::ask : () -> result.completeExceptionally(why));
                },
                disk);
        result.whenComplete((r, f) -> carried.cancel(false));
    }

    /** The store turns an old ticket down: its time is over, or the store has been emptied. */
    private static boolean isRefused(Throwable why) {
        return why instanceof HubwireException known
                && (known.code() == ErrorCode.FORBIDDEN || known.code() == ErrorCode.UNAUTHORIZED);
    }

    private void succeeded(FileUpload.Ticket ticket, UploadResult done) {
        FileUpload.Outcome success = new FileUpload.Outcome(ticket.correlationId(), true, 200, "OK");
        CompletableFuture<Void> unused = uploads.tell(success, ticket, journal).whenComplete((nothing, unheard) -> {
            if (unheard == null) {
                result.complete(done);
            } else {
                result.completeExceptionally(Await.cause(unheard));
            }
        });
    }

    /** Tells the hub; what happens there the caller learns from the log only, since {@code why} matters more. */
    private void failed(FileUpload.Ticket ticket, Throwable why, Runnable then) {
        String reason = why instanceof HubwireException known ? known.code().name() : "the device gave up";
        FileUpload.Outcome failed = new FileUpload.Outcome(ticket.correlationId(), false, -1, reason);
        CompletableFuture<Void> told = uploads.tell(failed, ticket, journal);
        uploads.awaitAtClose(told);
        CompletableFuture<Void> unused = told.whenComplete((nothing, unheard) -> {
            if (unheard != null) {
                LOG.warn(
                        "the hub could not be told that upload [{}] failed: {}",
                        ticket.correlationId(),
                        Await.cause(unheard).getMessage());
            }
            then.run();
        });
    }
}
