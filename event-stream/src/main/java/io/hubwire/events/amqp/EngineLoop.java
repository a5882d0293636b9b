package io.hubwire.events.amqp;

import java.time.Clock;
import java.time.Duration;
import java.util.PriorityQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread of a connection: runs what others want done and what time brings, a handful to a turn, and lets the
 * connection write once after each turn. Whoever brings bytes is held up when too many wait.
 */
final class EngineLoop implements Executor {
    /** What the loop drives. */
    interface Driven {
        /** After a turn: write what it produced. @return whether to go on */
        boolean turnDone();

        /** The last call, whatever ended the loop. @param cause null when {@link #turnDone} said so */
        void ended(@Nullable Throwable cause);
    }

    private record Timed(long dueMillis, long order, Runnable task) implements Comparable<Timed> {
        @Override
        public int compareTo(Timed other) {
            int byTime = Long.compare(dueMillis, other.dueMillis);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(EngineLoop.class);
    /** Chunks of input that may wait. */
    private static final int MAX_CHUNKS = 16;
    /** Sends that wait for this thread, mostly; what is more is refused. */
    private static final int MAX_TASKS = 50_000;

    private static final int TURN = 64;
    private static final long LONGEST_WAIT_MILLIS = 60_000;

    private final Clock clock;
    private final Driven driven;
    private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>(MAX_TASKS);
    private final PriorityQueue<Timed> timed = new PriorityQueue<>();
    private final Semaphore chunks = new Semaphore(MAX_CHUNKS);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicBoolean stopped = new AtomicBoolean();
    private long order;

    EngineLoop(Clock clock, Driven driven) {
        this.clock = clock;
        this.driven = driven;
    }

    void start(String name) {
        Threads.start(name, this::run);
    }

    /** Runs {@code task} on the loop's thread, or never, when the connection is over. */
    @Override
    public void execute(Runnable task) {
        offer(task);
    }

    /** As {@link #execute}. @return false when the loop is over or too much waits: the task will not run */
    boolean offer(Runnable task) {
        if (stopped.get() || !tasks.offer(task)) {
            return false;
        }
        return !stopped.get() || !tasks.remove(task); // the loop may have ended in between, without seeing it
    }

    /** Runs {@code task} later. On the loop's thread only. */
    void schedule(Duration delay, Runnable task) {
        timed.add(new Timed(clock.millis() + delay.toMillis(), order++, task));
    }

    /** Hands in bytes; waits while too many are unread. @return whether more are welcome */
    boolean received(Runnable ingest) throws InterruptedException {
        while (!chunks.tryAcquire(1, TimeUnit.SECONDS)) {
            if (stopped.get()) {
                return false;
            }
        }
        return offer(() -> {
            chunks.release();
            ingest.run();
        });
    }

    boolean awaitEnd(Duration atMost) throws InterruptedException {
        return ended.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void run() {
        Throwable cause = null;
        try {
            do {
                turn();
            } while (driven.turnDone());
        } catch (InterruptedException asked) {
            cause = asked;
        } catch (RuntimeException | StackOverflowError failed) {
            cause = failed;
        } finally {
            stopped.set(true);
            runLeftOver();
            driven.ended(cause);
            ended.countDown();
        }
    }

    /** What was promised to run: it finds the connection over, and tells those who wait for it. */
    private void runLeftOver() {
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            try {
                task.run();
            } catch (RuntimeException engineIsGone) {
                LOG.trace("a task met the end of its connection", engineIsGone);
            }
        }
    }

    private void turn() throws InterruptedException {
        Timed next = timed.peek();
        long wait = next == null ? LONGEST_WAIT_MILLIS : next.dueMillis() - clock.millis();
        Runnable task =
                wait <= 0 ? tasks.poll() : tasks.poll(Math.min(wait, LONGEST_WAIT_MILLIS), TimeUnit.MILLISECONDS);
        for (int i = 0; task != null; task = ++i < TURN ? tasks.poll() : null) {
            task.run();
        }
        for (next = timed.peek(); next != null && next.dueMillis() <= clock.millis(); next = timed.peek()) {
            timed.remove();
            next.task().run();
        }
    }
}
