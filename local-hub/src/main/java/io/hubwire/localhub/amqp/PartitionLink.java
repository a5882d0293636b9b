package io.hubwire.localhub.amqp;

import io.hubwire.localhub.engine.EventLog;
import io.hubwire.localhub.engine.EventLog.PartitionInfo;
import io.hubwire.localhub.engine.EventLog.Start;
import io.hubwire.localhub.engine.EventLog.Stored;
import io.hubwire.localhub.engine.HubException;
import java.time.Clock;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.qpid.protonj2.engine.OutgoingDelivery;
import org.apache.qpid.protonj2.engine.Sender;
import org.apache.qpid.protonj2.types.transport.ErrorCondition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands the events of one partition to one reader, as long as it has credit. Everything but {@link #wake} and {@link
 * #stolen} on the connection's thread. Source: amqp 4.
 */
final class PartitionLink extends ServerLink implements Readers.Reader {
    private static final Logger LOG = LoggerFactory.getLogger(PartitionLink.class);
    /** Events taken from the log at a time. */
    private static final int BATCH = 128;
    /** A reader that never settles gets no more than this. */
    private static final int MAX_UNSETTLED = 20_000;

    /** What a reader asked for. @param tracked whether it wants to be told of the partition's end with each event */
    record Request(String path, String group, int partition, Start start, OptionalLong epoch, boolean tracked) {}

    private final Request request;
    private final Sender link;
    private final Transfers transfers;
    private final EventLog log;
    private final Readers readers;
    private final Clock clock;
    private final EventEncoder encoder;
    private final ConnectionTurn turn;
    private final AtomicBoolean woken = new AtomicBoolean();
    private @Nullable AutoCloseable appends;
    private long next;
    private int unsettled;

    PartitionLink(Request request, Sender link, ServerContext context, EventEncoder encoder, ConnectionTurn turn) {
        super(request.path(), link, turn);
        this.request = request;
        this.link = link;
        this.transfers = new Transfers(link);
        this.log = context.hub().events();
        this.readers = context.readers();
        this.clock = context.hub().clock();
        this.encoder = encoder;
        this.turn = turn;
    }

    /**
     * Takes the reader's place and finds where to start; the link is opened after that.
     *
     * @throws LinkRefused when another reader has precedence, or when there are too many
     */
    void join() {
        next = log.resolve(request.partition(), request.start());
        switch (readers.join(request.group(), request.partition(), this)) {
            case EPOCH_TOO_LOW ->
                throw new LinkRefused(
                        Conditions.STOLEN,
                        "partition " + request.partition() + " has a reader with a higher epoch than "
                                + describeEpoch());
            case TOO_MANY ->
                throw new LinkRefused(
                        Conditions.RESOURCE_LIMIT,
                        "partition " + request.partition() + " has as many readers without an epoch as may be: 5");
            case ADMITTED -> {
                link.creditStateUpdateHandler(l -> wake());
                link.deliveryStateUpdatedHandler(this::settled);
                appends = log.onAppend(request.partition(), this::wake);
            }
        }
    }

    /** There may be something to send. From any thread; many calls are one turn. */
    void wake() {
        if (woken.compareAndSet(false, true)) {
            turn.execute(this::pump);
        }
    }

    private void pump() {
        woken.set(false);
        try {
            boolean more = true;
            while (more && !isGone() && !turn.outputFull() && unsettled < MAX_UNSETTLED && transfers.ready()) {
                more = sendBatch();
            }
            if (!more && !isGone() && link.isDraining()) {
                link.drained();
            } else if (turn.outputFull()) {
                turn.afterWrite(this::wake);
            }
        } catch (HubException refused) {
            detach(Conditions.of(refused));
        }
    }

    /** @return whether there may be more */
    private boolean sendBatch() {
        List<Stored> batch = log.read(request.partition(), next, most());
        PartitionInfo end = request.tracked() && !batch.isEmpty() ? log.info(request.partition()) : null;
        for (Stored event : batch) {
            if (!transfers.ready()) {
                return true;
            }
            OutgoingDelivery delivery = transfers.send(encoder.encode(event, end, clock.instant()), false);
            unsettled += delivery.isSettled() ? 0 : 1;
            next = event.sequenceNumber() + 1;
        }
        return !batch.isEmpty();
    }

    private int most() {
        return Math.min(BATCH, Math.min(link.getCredit(), MAX_UNSETTLED - unsettled));
    }

    /** The reader says what became of an event. A log keeps its events, so every outcome means the same. */
    private void settled(OutgoingDelivery delivery) {
        if (!isGone() && !delivery.isSettled()) {
            delivery.settle();
            unsettled--;
            if (unsettled == MAX_UNSETTLED - 1) {
                wake();
            }
        }
    }

    @Override
    public OptionalLong epoch() {
        return request.epoch();
    }

    @Override
    public void stolen(long byEpoch) {
        turn.execute(() -> detach(new ErrorCondition(
                Conditions.STOLEN,
                "a reader with epoch " + byEpoch + " took over partition " + request.partition() + " from the one with "
                        + describeEpoch())));
    }

    @Override
    void release() {
        readers.leave(request.group(), request.partition(), this);
        if (appends != null) {
            try {
                appends.close();
            } catch (Exception unexpected) {
                LOG.warn("cannot stop listening to partition {}", request.partition(), unexpected);
            }
        }
    }

    private String describeEpoch() {
        return request.epoch().isPresent() ? "epoch " + request.epoch().getAsLong() : "no epoch";
    }
}
