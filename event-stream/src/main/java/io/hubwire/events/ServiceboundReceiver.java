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
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.apache.qpid.protonj2.engine.IncomingDelivery;
import org.apache.qpid.protonj2.types.transport.DeliveryState;
import org.jspecify.annotations.Nullable;

/**
 * Receives from one of the hub's queues for back ends. A lost connection is opened again with back-off. Thread-safe.
 * Source: amqp 7.
 *
 * @param <T> what one message holds
 */
final class ServiceboundReceiver<T> implements AutoCloseable {
    /** Messages that may wait here: each is locked meanwhile, so few. */
    private static final int CREDIT = 8;

    private final String address;
    private final Reader<T> reader;
    private final ConnectionKeeper keeper;
    private final EventBuffer<T> buffer = new EventBuffer<>();

    /** Reads one message. */
    @FunctionalInterface
    interface Reader<T> {
        /**
         * @param settle accepted: done; released: comes again; rejected: dropped
         * @throws io.hubwire.protocol.RemoteProtocolException when it is not what this queue has
         */
        T read(Sections sections, Consumer<DeliveryState> settle);
    }

    private ServiceboundReceiver(
            String name,
            String address,
            Reader<T> reader,
            ConnectionString hub,
            AmqpSettings settings,
            Clock clock,
            RandomGenerator random) {
        this.address = address;
        this.reader = reader;
        Destination destination = Destination.hub(hub, settings, random);
        Cancellation cancellation = new Cancellation();
        Connector connector = new Connector(settings, clock, random, cancellation);
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
                "events-" + name, use, new Backoff(random), clock, settings.giveUpAfter(), cancellation);
    }

    /**
     * Connects; blocks until the hub has agreed.
     *
     * @param name of the queue, for threads
     * @param address of the queue
     */
    static <T> ServiceboundReceiver<T> open(
            String name,
            String address,
            Reader<T> reader,
            ConnectionString hub,
            AmqpSettings settings,
            Clock clock,
            RandomGenerator random) {
        ServiceboundReceiver<T> receiver =
                new ServiceboundReceiver<>(name, address, reader, hub, settings, clock, random);
        receiver.keeper.start();
        return receiver;
    }

    /**
     * Takes the next one.
     *
     * @return empty when none arrived in time
     * @throws HubwireException why receiving has ended, CANCELLED after {@link #close}
     */
    Optional<T> next(Duration timeout) {
        try {
            return buffer.next(timeout);
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
            throw new TransportException(ErrorCode.CANCELLED, "interrupted while waiting for [" + address + "]", asked);
        }
    }

    /** Idempotent; takes less than a second. What is not settled comes again, to whoever receives next. */
    @Override
    public void close() {
        buffer.close();
        keeper.close();
    }

    private void attach(Connector.Live live) {
        AtomicReference<@Nullable ReceiverLink> link = new AtomicReference<>();
        ReceiverLink opened =
                Waiting.on(live.connection().receiver(address, Map.of(), Map.of(), new ReceiverLink.Listener() {
                    @Override
                    public void message(Sections message, IncomingDelivery delivery) {
                        ReceiverLink on = link.get();
                        if (on != null) {
                            received(message, delivery, on);
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
        buffer.add(reader.read(sections, outcome -> on.settle(delivery, outcome)), () -> on.grant(1));
    }
}
