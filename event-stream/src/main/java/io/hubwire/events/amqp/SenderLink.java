package io.hubwire.events.amqp;

import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.TransportException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.qpid.protonj2.buffer.ProtonBuffer;
import org.apache.qpid.protonj2.engine.OutgoingDelivery;
import org.apache.qpid.protonj2.engine.Sender;
import org.apache.qpid.protonj2.types.messaging.Accepted;
import org.apache.qpid.protonj2.types.messaging.Rejected;
import org.apache.qpid.protonj2.types.transport.DeliveryState;
import org.jspecify.annotations.Nullable;

/** A link on which we send. Thread-safe; completions come on the connection's thread. */
public final class SenderLink {
    /** Messages that may wait for credit. */
    private static final int MAX_WAITING = 1000;

    private static final int TAG_BYTES = 8;

    private record Outgoing(ProtonBuffer message, CompletableFuture<Void> outcome) {}

    private final ClientConnection connection;
    private final Sender link;
    private final String what;
    private final Deque<Outgoing> waiting = new ArrayDeque<>();
    private final Set<CompletableFuture<Void>> unsettled = new HashSet<>();
    private long sent;
    private @Nullable OutgoingDelivery unfinished;
    private @Nullable ProtonBuffer rest;

    SenderLink(ClientConnection connection, Sender link, String what) {
        this.connection = connection;
        this.link = link;
        this.what = what;
        link.creditStateUpdateHandler(l -> sendWaiting());
        link.deliveryStateUpdatedHandler(this::settled);
    }

    /**
     * Sends a message.
     *
     * @return completes when the peer has accepted it, or with why not; after {@code TIMED_OUT} and {@code
     *     CONNECTION_LOST} it may have arrived all the same
     */
    public CompletableFuture<Void> send(ProtonBuffer message, Duration timeout) {
        CompletableFuture<Void> outcome = new CompletableFuture<>();
        Outgoing outgoing = new Outgoing(message, outcome);
        boolean queued = connection.offer(() -> {
            if (!link.isLocallyOpen() || !link.isRemotelyOpen()) {
                outcome.completeExceptionally(connection.lost(what));
            } else if (waiting.size() >= MAX_WAITING) {
                outcome.completeExceptionally(new TransportException(
                        ErrorCode.QUEUE_FULL, what + ": " + MAX_WAITING + " messages wait for the peer already"));
            } else {
                unsettled.add(outcome);
                waiting.add(outgoing);
                connection.expire(outcome, timeout, what, () -> {
                    unsettled.remove(outcome);
                    waiting.remove(outgoing);
                });
                sendWaiting();
            }
        });
        if (!queued) {
            outcome.completeExceptionally(connection.lost(what));
        }
        return outcome;
    }

    void ended(HubwireException why) {
        waiting.clear();
        Set.copyOf(unsettled).forEach(outcome -> outcome.completeExceptionally(why));
        unsettled.clear();
    }

    private void sendWaiting() {
        finishCurrent();
        while (rest == null && !waiting.isEmpty() && link.isSendable()) {
            Outgoing next = waiting.remove();
            OutgoingDelivery delivery = link.next();
            delivery.setTag(ByteBuffer.allocate(TAG_BYTES).putLong(++sent).array());
            delivery.setLinkedResource(next.outcome());
            unfinished = delivery;
            rest = next.message();
            finishCurrent();
        }
    }

    /** A message of several frames may stop in the middle, when the session's window is used up. */
    private void finishCurrent() {
        if (unfinished != null && rest != null && link.isSendable()) {
            unfinished.writeBytes(rest);
            if (!rest.isReadable()) {
                unfinished = null;
                rest = null;
            }
        }
    }

    private void settled(OutgoingDelivery delivery) {
        CompletableFuture<Void> outcome = delivery.getLinkedResource();
        DeliveryState state = delivery.getRemoteState();
        if (state == null && !delivery.isRemotelySettled()) {
            return;
        }
        if (!delivery.isSettled() && link.isLocallyOpen()) {
            delivery.settle();
        }
        unsettled.remove(outcome);
        if (state instanceof Accepted) {
            outcome.complete(null);
        } else if (state instanceof Rejected rejected) {
            outcome.completeExceptionally(Failures.of(rejected.getError(), what));
        } else {
            outcome.completeExceptionally(new TransportException(
                    ErrorCode.SERVER_ERROR, what + ": the peer gave the message back (" + state + ")"));
        }
    }
}
