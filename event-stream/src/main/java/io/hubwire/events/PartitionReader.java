package io.hubwire.events;

import io.hubwire.events.amqp.AmqpException;
import io.hubwire.events.amqp.ClientConnection;
import io.hubwire.events.amqp.ReceiverLink;
import io.hubwire.events.amqp.Sections;
import io.hubwire.events.amqp.Waiting;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.apache.qpid.protonj2.engine.IncomingDelivery;
import org.apache.qpid.protonj2.types.Symbol;
import org.apache.qpid.protonj2.types.UnknownDescribedType;
import org.apache.qpid.protonj2.types.UnsignedLong;
import org.apache.qpid.protonj2.types.messaging.Accepted;
import org.jspecify.annotations.Nullable;

/**
 * Reads one partition into the buffer over however many connections it takes: each begins where the last one ended. The
 * service may send as much as still fits, and more once half of that was taken.
 */
final class PartitionReader {
    private static final Symbol SELECTOR = Symbol.valueOf("apache.org:selector-filter:string");
    private static final UnsignedLong SELECTOR_DESCRIPTOR = UnsignedLong.valueOf(0x468C00000004L);
    private static final Symbol EPOCH = Symbol.valueOf("com.microsoft:epoch");
    private static final Symbol RECEIVER_NAME = Symbol.valueOf("com.microsoft:receiver-name");

    /** What does not change from one connection to the next. */
    record Plan(String partition, String address, int prefetch, OptionalLong ownerLevel, String receiverName) {}

    private final Plan plan;
    private final EventBuffer<Event> buffer;
    private final BiConsumer<PartitionReader, HubwireException> trouble;
    private final AtomicInteger buffered = new AtomicInteger();
    private final AtomicInteger takenSinceGrant = new AtomicInteger();
    private volatile StartPosition position;
    private volatile @Nullable ReceiverLink link;
    private volatile boolean lost;
    /** Credit the service has; on the connection's thread. */
    private int granted;

    /** @param trouble told when the link ends without our doing, on the connection's thread */
    PartitionReader(
            Plan plan,
            StartPosition start,
            EventBuffer<Event> buffer,
            BiConsumer<PartitionReader, HubwireException> trouble) {
        this.plan = plan;
        this.position = start;
        this.buffer = buffer;
        this.trouble = trouble;
    }

    String partition() {
        return plan.partition();
    }

    /** Whether another reader took the partition over. */
    boolean isLost() {
        return lost;
    }

    /** Opens a link on this connection; blocks. @throws HubwireException when the service refuses */
    void attach(ClientConnection connection) {
        Map<Symbol, Object> properties = new LinkedHashMap<>();
        properties.put(RECEIVER_NAME, plan.receiverName());
        plan.ownerLevel().ifPresent(level -> properties.put(EPOCH, level));
        Object filter = new UnknownDescribedType(SELECTOR_DESCRIPTOR, position.selector());
        try {
            ReceiverLink opened = Waiting.on(connection.receiver(
                    plan.address(), Map.of(SELECTOR, filter), properties, new ReceiverLink.Listener() {
                        @Override
                        public void message(Sections message, IncomingDelivery delivery) {
                            received(message, delivery);
                        }

                        @Override
                        public void ended(HubwireException why) {
                            lost |= why.code() == ErrorCode.TAKEN_OVER;
                            trouble.accept(PartitionReader.this, why);
                        }
                    }));
            link = opened;
            connection.execute(() -> {
                granted = 0;
                topUp(opened);
            });
        } catch (AmqpException refused) {
            lost |= refused.code() == ErrorCode.TAKEN_OVER;
            throw refused;
        }
    }

    private void received(Sections message, IncomingDelivery delivery) {
        Event event = EventDecoder.decode(plan.partition(), message);
        delivery.disposition(Accepted.getInstance(), true);
        position = event.next();
        granted--;
        buffered.incrementAndGet();
        buffer.add(event, this::taken);
    }

    /** The caller took one: from its thread. */
    private void taken() {
        buffered.decrementAndGet();
        ReceiverLink current = link;
        if (takenSinceGrant.incrementAndGet() >= Math.max(1, plan.prefetch() / 2) && current != null) {
            takenSinceGrant.set(0);
            current.execute(() -> topUp(current));
        }
    }

    private void topUp(ReceiverLink on) {
        int room = plan.prefetch() - buffered.get() - granted;
        if (room > 0 && on == link) {
            granted += room;
            on.grant(room);
        }
    }
}
