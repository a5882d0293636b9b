package io.hubwire.events;

import io.hubwire.auth.ConnectionString;
import io.hubwire.events.amqp.Cancellation;
import io.hubwire.events.amqp.ReceiverLink;
import io.hubwire.events.amqp.Sections;
import io.hubwire.events.amqp.Waiting;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.TransportException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.apache.qpid.protonj2.buffer.ProtonBuffer;
import org.apache.qpid.protonj2.engine.IncomingDelivery;
import org.jspecify.annotations.Nullable;

/**
 * Receives feedback on cloud-to-device messages. A hub has one feedback queue, and its receivers compete for it. A lost
 * connection is opened again with back-off. Thread-safe. Source: amqp 7.
 */
public final class FeedbackReceiver implements AutoCloseable {
    private static final String ADDRESS = "/messages/serviceBound/feedback";
    private static final String ENQUEUED_TIME = "iothub-enqueuedtime";
    /** Batches that may wait here: each is locked meanwhile, so few. */
    private static final int CREDIT = 8;

    private final ConnectionKeeper keeper;
    private final EventBuffer<FeedbackBatch> buffer = new EventBuffer<>();

    private FeedbackReceiver(ConnectionString hub, AmqpSettings settings, Clock clock, RandomGenerator random) {
        Destination destination = Destination.hub(hub, settings, random);
        Cancellation cancellation = new Cancellation();
        Connector connector =
                new Connector(settings, "hubwire-" + Long.toHexString(random.nextLong()), clock, cancellation);
        ConnectionKeeper.Use use = new ConnectionKeeper.Use() {
            @Override
            public Connector.Live connect() {
                return connector.connect(destination);
            }

            @Override
            public void setUp(Connector.Live live) {
                attach(live);
            }

            @Override
            public void gaveUp(HubwireException why) {
                buffer.end(why);
            }
        };
        keeper = new ConnectionKeeper(
                "events-feedback", use, new Backoff(random), clock, settings.giveUpAfter(), cancellation);
    }

    /**
     * Connects; blocks until the hub has agreed.
     *
     * @param hub connection string of a policy with the right ServiceConnect
     * @throws HubwireException UNREACHABLE, TIMED_OUT, TLS_FAILED, UNAUTHORIZED; nothing is left running
     */
    public static FeedbackReceiver open(ConnectionString hub, AmqpSettings settings) {
        return open(hub, settings, Clock.systemUTC(), RandomGenerator.getDefault());
    }

    static FeedbackReceiver open(ConnectionString hub, AmqpSettings settings, Clock clock, RandomGenerator random) {
        FeedbackReceiver receiver = new FeedbackReceiver(hub, settings, clock, random);
        receiver.keeper.start();
        return receiver;
    }

    /**
     * Takes the next batch.
     *
     * @return empty when none arrived in time
     * @throws HubwireException why receiving has ended, CANCELLED after {@link #close}
     */
    public Optional<FeedbackBatch> next(Duration timeout) {
        try {
            return buffer.next(timeout);
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
            throw new TransportException(ErrorCode.CANCELLED, "interrupted while waiting for feedback", asked);
        }
    }

    /** Idempotent; takes less than a second. Batches not settled come again, to whoever receives next. */
    @Override
    public void close() {
        buffer.close();
        keeper.close();
    }

    private void attach(Connector.Live live) {
        AtomicReference<@Nullable ReceiverLink> link = new AtomicReference<>();
        ReceiverLink opened =
                Waiting.on(live.connection().receiver(ADDRESS, Map.of(), Map.of(), new ReceiverLink.Listener() {
                    @Override
                    public void message(ProtonBuffer message, IncomingDelivery delivery) {
                        ReceiverLink on = link.get();
                        if (on != null) {
                            received(Sections.read(message), delivery, on);
                        }
                    }

                    @Override
                    public void ended(HubwireException why) {
                        keeper.broken(why);
                    }
                }));
        link.set(opened);
        opened.grant(CREDIT);
    }

    private void received(Sections sections, IncomingDelivery delivery, ReceiverLink on) {
        Instant enqueued = sections.annotations().get(ENQUEUED_TIME) instanceof Instant time ? time : null;
        FeedbackBatch batch =
                new FeedbackBatch(FeedbackDecoder.decode(sections), enqueued, outcome -> on.settle(delivery, outcome));
        buffer.add(batch, () -> on.grant(1));
    }
}
