package io.hubwire.localhub.amqp;

import io.hubwire.localhub.engine.FeedbackQueue;
import io.hubwire.localhub.engine.FeedbackQueue.Batch;
import io.hubwire.localhub.engine.HubException;
import io.hubwire.protocol.HubError;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.qpid.protonj2.buffer.ProtonBuffer;
import org.apache.qpid.protonj2.engine.OutgoingDelivery;
import org.apache.qpid.protonj2.engine.Sender;
import org.apache.qpid.protonj2.types.messaging.Accepted;
import org.apache.qpid.protonj2.types.messaging.Rejected;
import org.apache.qpid.protonj2.types.transport.DeliveryState;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands batches of records, feedback or notices of files, to one of the receivers that compete for them: accepted completes a batch, rejected drops it, any
 * other outcome and the end of the link give it back. Source: amqp 7.
 */
final class FeedbackLink extends ServerLink {
    private static final Logger LOG = LoggerFactory.getLogger(FeedbackLink.class);
    private final Sender link;
    private final Transfers transfers;
    private final FeedbackQueue queue;
    private final int maxRecords;
    private final Function<Batch, ProtonBuffer> encoder;
    private final ConnectionTurn turn;
    private final AtomicBoolean woken = new AtomicBoolean();
    private @Nullable AutoCloseable available;

    private FeedbackLink(
            String path,
            Sender link,
            FeedbackQueue queue,
            int maxRecords,
            Function<Batch, ProtonBuffer> encoder,
            ConnectionTurn turn) {
        super(path, link, turn);
        this.link = link;
        this.transfers = new Transfers(link);
        this.queue = queue;
        this.maxRecords = maxRecords;
        this.encoder = encoder;
        this.turn = turn;
    }

    /** Feedback on cloud-to-device messages: an array of records in one message. */
    static FeedbackLink feedback(
            String path, Sender link, FeedbackQueue queue, FeedbackEncoder encoder, ConnectionTurn turn) {
        return new FeedbackLink(path, link, queue, FeedbackEncoder.MAX_RECORDS, encoder::encode, turn);
    }

    /** Notices of uploaded files: one record in one message. */
    static FeedbackLink fileNotices(
            String path, Sender link, FeedbackQueue queue, FileNoticeEncoder encoder, ConnectionTurn turn) {
        return new FeedbackLink(path, link, queue, 1, encoder::encode, turn);
    }

    @Override
    void opened() {
        link.creditStateUpdateHandler(l -> wake());
        link.deliveryStateUpdatedHandler(this::settled);
        available = queue.onAvailable(this::wake);
        wake();
    }

    private void wake() {
        if (woken.compareAndSet(false, true)) {
            turn.execute(this::pump);
        }
    }

    private void pump() {
        woken.set(false);
        while (!isGone() && transfers.ready()) {
            Optional<Batch> batch = queue.next(maxRecords);
            if (batch.isEmpty()) {
                if (link.isDraining()) {
                    link.drained();
                }
                return;
            }
            String lockToken = batch.get().lockToken();
            OutgoingDelivery delivery = transfers.send(encoder.apply(batch.get()), false);
            if (delivery.isSettled()) {
                decide(queue::complete, lockToken);
            } else {
                delivery.setLinkedResource(lockToken);
            }
        }
    }

    private void settled(OutgoingDelivery delivery) {
        if (isGone() || delivery.isSettled()) {
            return;
        }
        DeliveryState outcome = delivery.getRemoteState();
        if (outcome == null && !delivery.isRemotelySettled()) {
            return;
        }
        delivery.settle();
        String lockToken = delivery.getLinkedResource();
        if (outcome instanceof Accepted) {
            decide(queue::complete, lockToken);
        } else if (outcome instanceof Rejected) {
            decide(queue::reject, lockToken);
        } else {
            decide(queue::abandon, lockToken);
        }
    }

    /** A lock that ended meanwhile is no one's fault: someone else has the batch now. */
    private static void decide(Consumer<String> decision, String lockToken) {
        try {
            decision.accept(lockToken);
        } catch (HubException refused) {
            if (refused.error() != HubError.DEVICE_MESSAGE_LOCK_LOST) {
                throw refused;
            }
            LOG.debug("a batch was settled after its lock had ended: {}", refused.detail());
        }
    }

    @Override
    void release() {
        try {
            if (available != null) {
                available.close();
            }
        } catch (Exception unexpected) {
            LOG.warn("cannot stop listening for records", unexpected);
        }
        for (OutgoingDelivery delivery : link.unsettled()) {
            String lockToken = delivery.getLinkedResource();
            if (lockToken != null) {
                decide(queue::abandon, lockToken);
            }
        }
    }
}
