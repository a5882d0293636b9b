package io.hubwire.mqtt;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The messages that wait and those under way, both in the order of {@code send}. Pure bookkeeping: no I/O, no clock, no
 * thread. Not thread-safe.
 *
 * <p>A message under way when the link goes stays under way: it is sent again first thing on the next link, under its
 * packet id and marked as a duplicate, before anything that was still waiting. So first sends keep their order.
 */
final class Outbox {
    private final int window;
    private final Deque<OutgoingMessage> waiting = new ArrayDeque<>();
    private final Set<OutgoingMessage> underWay = new LinkedHashSet<>();

    /** @param window most messages under way at once */
    Outbox(int window) {
        this.window = window;
    }

    void add(OutgoingMessage message) {
        waiting.addLast(message);
    }

    /** The next message to hand to the link, which from now on is under way; null when none waits or the window is full. */
    @Nullable
    OutgoingMessage next() {
        if (underWay.size() >= window) {
            return null;
        }
        OutgoingMessage message = waiting.pollFirst();
        if (message != null) {
            underWay.add(message);
        }
        return message;
    }

    /** The hub has it. @return false when it was not under way (any more) */
    boolean delivered(OutgoingMessage message) {
        return underWay.remove(message);
    }

    /** The link is gone. What it never took (it has no packet id) goes back to the head of the queue. */
    void linkLost() {
        List<OutgoingMessage> neverTaken =
                underWay.stream().filter(m -> m.packetId() == 0).toList();
        neverTaken.forEach(underWay::remove);
        for (int i = neverTaken.size() - 1; i >= 0; i--) {
            waiting.addFirst(neverTaken.get(i));
        }
    }

    /** What the next link must send again, oldest first. What has timed out meanwhile is forgotten. */
    List<OutgoingMessage> toResend() {
        underWay.removeIf(OutgoingMessage::ended);
        return List.copyOf(underWay);
    }

    /** What is under way, oldest first. */
    List<OutgoingMessage> underWay() {
        return List.copyOf(underWay);
    }

    /** The message that has been under way for longest, or null. */
    @Nullable
    OutgoingMessage oldestUnderWay() {
        Iterator<OutgoingMessage> it = underWay.iterator();
        return it.hasNext() ? it.next() : null;
    }

    /** Takes out the message that has waited longest; null when all are under way. */
    @Nullable
    OutgoingMessage dropOldestWaiting() {
        return waiting.pollFirst();
    }

    /**
     * What is past its time. A waiting message is taken out; one under way keeps its place in the window until the hub
     * acknowledges it or the link ends, since the hub still counts it too.
     */
    List<OutgoingMessage> timedOut(long nanos) {
        List<OutgoingMessage> late = new ArrayList<>();
        underWay.stream().filter(m -> !m.ended() && m.timedOut(nanos)).forEach(late::add);
        collect(waiting.iterator(), m -> m.timedOut(nanos), late);
        return late;
    }

    /** Takes out waiting messages past their own expiry. */
    List<OutgoingMessage> removeExpired(Instant now) {
        List<OutgoingMessage> gone = new ArrayList<>();
        collect(waiting.iterator(), m -> m.expired(now), gone);
        return gone;
    }

    /** Takes out everything. */
    List<OutgoingMessage> clear() {
        List<OutgoingMessage> all = new ArrayList<>(underWay);
        all.addAll(waiting);
        underWay.clear();
        waiting.clear();
        return all;
    }

    boolean isEmpty() {
        return waiting.isEmpty() && underWay.isEmpty();
    }

    int waitingCount() {
        return waiting.size();
    }

    int underWayCount() {
        return underWay.size();
    }

    private static void collect(
            Iterator<OutgoingMessage> from, Predicate<OutgoingMessage> condition, List<OutgoingMessage> into) {
        while (from.hasNext()) {
            OutgoingMessage message = from.next();
            if (condition.test(message)) {
                from.remove();
                into.add(message);
            }
        }
    }
}
