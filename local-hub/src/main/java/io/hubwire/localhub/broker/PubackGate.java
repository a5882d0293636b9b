package io.hubwire.localhub.broker;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Holds PUBACKs back until their messages are safe and lets them go in the order in which the broker wrote them. How many
 * can wait is {@link io.hubwire.localhub.mqtt.Conversation#telemetryWindow}'s to say: packet ids do not bound them, since
 * a client may use one again before its PUBACK (mqtt-device 1.8: what comes twice is stored twice).
 */
final class PubackGate {
    /** One message on its way into the store. */
    private static final class Ticket {
        private volatile boolean safe;
        /** Of the next message with the same packet id. Guarded by the map's lock on that id. */
        private @Nullable Ticket next;

        private Ticket behind(@Nullable Ticket first) {
            if (first == null) {
                return this;
            }
            Ticket last = first;
            while (last.next != null) {
                last = last.next;
            }
            last.next = this;
            return first;
        }
    }

    private record Waiting(Ticket ticket, Runnable write) {}

    private final Map<Integer, Ticket> expected = new ConcurrentHashMap<>();
    private final Deque<Waiting> waiting = new ArrayDeque<>();

    /**
     * Announces a PUBACK; before the broker writes it.
     *
     * @param wake told, on the thread that made the message safe, that {@link #release} may have something to do
     * @return to be run when the message is safe, on any thread
     */
    Runnable expect(int packetId, Runnable wake) {
        Ticket ticket = new Ticket();
        expected.compute(packetId, (id, first) -> ticket.behind(first));
        return () -> {
            ticket.safe = true;
            wake.run();
        };
    }

    /** The broker writes a PUBACK: now, or when its turn comes. On the event loop. */
    void leave(int packetId, Runnable write) {
        Ticket ticket = expected.get(packetId);
        expected.computeIfPresent(packetId, (id, first) -> first.next);
        if (waiting.isEmpty() && (ticket == null || ticket.safe)) {
            write.run();
            return;
        }
        if (ticket == null) {
            ticket = new Ticket();
            ticket.safe = true;
        }
        waiting.add(new Waiting(ticket, write));
    }

    /** Writes what may leave by now. On the event loop. @return whether anything was written */
    boolean release() {
        boolean any = false;
        for (Waiting first = waiting.peek(); first != null && first.ticket().safe; first = waiting.peek()) {
            waiting.remove();
            first.write().run();
            any = true;
        }
        return any;
    }
}
