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
 * Receives notices of files that devices have uploaded. A hub has one queue of them, and its receivers compete for it. A
 * lost connection is opened again with back-off. Thread-safe. Source: amqp 7, service-rest 13.5.
 */
public final class FileNoticeReceiver implements AutoCloseable {
    private static final String ADDRESS = "/messages/serviceBound/filenotifications";
    private static final String ENQUEUED_TIME = "iothub-enqueuedtime";

    private final ServiceboundReceiver<FileNotice> receiver;

    private FileNoticeReceiver(ServiceboundReceiver<FileNotice> receiver) {
        this.receiver = receiver;
    }

    /**
     * Connects; blocks until the hub has agreed.
     *
     * @param hub connection string of a policy with the right ServiceConnect
     * @throws HubwireException UNREACHABLE, TIMED_OUT, TLS_FAILED, UNAUTHORIZED; nothing is left running
     */
    public static FileNoticeReceiver open(ConnectionString hub, AmqpSettings settings) {
        return open(hub, settings, Clock.systemUTC(), new SecureRandom());
    }

    static FileNoticeReceiver open(ConnectionString hub, AmqpSettings settings, Clock clock, RandomGenerator random) {
        return new FileNoticeReceiver(
                ServiceboundReceiver.open("files", ADDRESS, FileNoticeReceiver::read, hub, settings, clock, random));
    }

    /**
     * Takes the next notice.
     *
     * @param timeout zero or less for what has arrived already
     * @return empty when none arrived in time
     * @throws HubwireException why receiving has ended, CANCELLED after {@link #close}
     */
    public Optional<FileNotice> next(Duration timeout) {
        return receiver.next(timeout);
    }

    /** Idempotent; takes less than a second. What is not settled comes again, to whoever receives next. */
    @Override
    public void close() {
        receiver.close();
    }

    private static FileNotice read(Sections sections, Consumer<DeliveryState> settle) {
        Instant enqueued = sections.annotations().get(ENQUEUED_TIME) instanceof Instant time ? time : null;
        return FileNotice.read(sections.body(), enqueued, settle);
    }
}
