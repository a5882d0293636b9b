package io.hubwire.events;

import io.hubwire.auth.ConnectionString;
import io.hubwire.events.amqp.Sections;
import io.hubwire.protocol.HubwireException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.apache.qpid.protonj2.types.transport.DeliveryState;

/**
 * Receives feedback on cloud-to-device messages. A hub has one feedback queue, and its receivers compete for it. A lost
 * connection is opened again with back-off. Thread-safe. Source: amqp 7.
 */
public final class FeedbackReceiver implements AutoCloseable {
    private static final String ADDRESS = "/messages/serviceBound/feedback";
    private static final String ENQUEUED_TIME = "iothub-enqueuedtime";

    private final ServiceboundReceiver<FeedbackBatch> receiver;

    private FeedbackReceiver(ServiceboundReceiver<FeedbackBatch> receiver) {
        this.receiver = receiver;
    }

    /**
     * Connects; blocks until the hub has agreed.
     *
     * @param hub connection string of a policy with the right ServiceConnect
     * @throws HubwireException UNREACHABLE, TIMED_OUT, TLS_FAILED, UNAUTHORIZED; nothing is left running
     */
    public static FeedbackReceiver open(ConnectionString hub, AmqpSettings settings) {
        return open(hub, settings, Clock.systemUTC(), new SecureRandom());
    }

    static FeedbackReceiver open(ConnectionString hub, AmqpSettings settings, Clock clock, RandomGenerator random) {
        return new FeedbackReceiver(
                ServiceboundReceiver.open("feedback", ADDRESS, FeedbackReceiver::read, hub, settings, clock, random));
    }

    /**
     * Takes the next batch.
     *
     * @param timeout zero or less for what has arrived already
     * @return empty when none arrived in time
     * @throws HubwireException why receiving has ended, CANCELLED after {@link #close}
     */
    public Optional<FeedbackBatch> next(Duration timeout) {
        return receiver.next(timeout);
    }

    /** Idempotent; takes less than a second. What is not settled comes again, to whoever receives next. */
    @Override
    public void close() {
        receiver.close();
    }

    private static FeedbackBatch read(Sections sections, Consumer<DeliveryState> settle) {
        Instant enqueued = sections.annotations().get(ENQUEUED_TIME) instanceof Instant time ? time : null;
        return new FeedbackBatch(FeedbackDecoder.decode(sections), enqueued, settle);
    }
}
