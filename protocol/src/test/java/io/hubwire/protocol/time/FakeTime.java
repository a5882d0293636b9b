package io.hubwire.protocol.time;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.PriorityQueue;

/**
 * Time that moves only when a test says so. Tasks run on the thread that calls {@link #advance}, each at its own instant
 * and in order. Scheduling is safe from any thread.
 */
public final class FakeTime extends Clock implements Timer {
    private record Task(Instant due, long order, Runnable body) implements Comparable<Task> {
        @Override
        public int compareTo(Task other) {
            int byTime = due.compareTo(other.due);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private final PriorityQueue<Task> pending = new PriorityQueue<>();
    private Instant now;
    private long scheduled;

    public FakeTime(Instant start) {
        this.now = start;
    }

    /** Runs each due task at its own instant, in order; tasks that these schedule within the span run too. */
    public void advance(Duration by) {
        Instant end = instant().plus(by);
        while (true) {
            Runnable body;
            synchronized (this) {
                Task next = pending.peek();
                if (next == null || next.due().isAfter(end)) {
                    now = end;
                    return;
                }
                pending.remove();
                now = next.due().isAfter(now) ? next.due() : now;
                body = next.body();
            }
            body.run();
        }
    }

    /** Moves the clock without running anything: what a user does who sets the wall clock. */
    public synchronized void jump(Duration by) {
        now = now.plus(by);
    }

    /** Tasks that wait. */
    public synchronized int pendingTasks() {
        return pending.size();
    }

    @Override
    public synchronized Scheduled schedule(Duration delay, Runnable task) {
        Task entry = new Task(now.plus(delay.isNegative() ? Duration.ZERO : delay), scheduled++, task);
        pending.add(entry);
        return () -> {
            synchronized (this) {
                pending.remove(entry);
            }
        };
    }

    @Override
    public synchronized Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
