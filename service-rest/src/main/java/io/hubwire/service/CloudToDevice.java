package io.hubwire.service;

import io.hubwire.https.Await;
import io.hubwire.https.HttpsResponse;
import io.hubwire.protocol.DeviceId;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.RemoteProtocolException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Cloud-to-device messages and their feedback over HTTPS. Failures as {@link ServiceClient} says; those that matter here
 * are {@code NOT_FOUND}, {@code QUEUE_FULL} (50 messages wait already) and, for feedback whose lock has run out, {@code
 * PRECONDITION_FAILED}. Needs a policy with ServiceConnect. Source: service-rest 13.
 */
public final class CloudToDevice {
    private static final int NO_CONTENT = 204;

    private final ServiceCalls calls;
    private final Blocking blocking = new Blocking();

    CloudToDevice(ServiceCalls calls) {
        this.calls = calls;
    }

    /** The same, waiting. */
    public Blocking blocking() {
        return blocking;
    }

    /**
     * Puts a message into a device's queue. Sent once, never repeated. Microsoft does not document this call; its own
     * desktop tool uses it. AMQP ({@code io.hubwire.events}) is the documented way.
     *
     * @return a stage that completes when the hub has queued it; feedback tells when the device took it
     * @throws InvalidInputException when it counts more than 65,536 bytes, its id has more than 128 characters, or a
     *     property holds what an HTTP header cannot carry
     */
    public CompletableFuture<Void> send(DeviceId device, Message message) {
        return calls.send(C2dRequests.send(device, message)).thenAccept(answer -> {});
    }

    /**
     * Empties a device's queue.
     *
     * @return how many messages were dropped; those that asked for it yield feedback
     */
    public CompletableFuture<Integer> purge(DeviceId device) {
        return calls.send(C2dRequests.purge(device))
                .thenApply(answer -> Fields.smallNumber(Answers.object("purge result", answer), "totalMessagesPurged"));
    }

    /** Takes the next batch of feedback and locks it, or completes with nothing when there is none. */
    public CompletableFuture<Optional<FeedbackBatch>> receiveFeedback() {
        return calls.send(C2dRequests.receiveFeedback())
                .thenApply(answer -> answer.status() == NO_CONTENT ? Optional.empty() : Optional.of(batch(answer)));
    }

    /** Ends the lock: the batch is done with and never comes again. */
    public CompletableFuture<Void> completeFeedback(String lockToken) {
        return calls.send(C2dRequests.completeFeedback(lockToken)).thenAccept(answer -> {});
    }

    /** Ends the lock: the batch comes again. */
    public CompletableFuture<Void> abandonFeedback(String lockToken) {
        return calls.send(C2dRequests.abandonFeedback(lockToken)).thenAccept(answer -> {});
    }

    private static FeedbackBatch batch(HttpsResponse answer) {
        String lockToken = answer.etag()
                .orElseThrow(() -> new RemoteProtocolException(
                        "feedback came without an ETag header; its lock token is needed to complete it"));
        return new FeedbackBatch(lockToken, Answers.list("feedback", answer, FeedbackRecord::read));
    }

    /** {@link CloudToDevice}, waiting for each answer; failures are thrown. */
    public final class Blocking {
        private Blocking() {}

        /** @see CloudToDevice#send */
        public void send(DeviceId device, Message message) {
            Await.on(CloudToDevice.this.send(device, message));
        }

        /** @see CloudToDevice#purge */
        public int purge(DeviceId device) {
            return Await.on(CloudToDevice.this.purge(device));
        }

        /** @see CloudToDevice#receiveFeedback */
        public Optional<FeedbackBatch> receiveFeedback() {
            return Await.on(CloudToDevice.this.receiveFeedback());
        }

        /** @see CloudToDevice#completeFeedback */
        public void completeFeedback(String lockToken) {
            Await.on(CloudToDevice.this.completeFeedback(lockToken));
        }

        /** @see CloudToDevice#abandonFeedback */
        public void abandonFeedback(String lockToken) {
            Await.on(CloudToDevice.this.abandonFeedback(lockToken));
        }
    }
}
