package io.hubwire.localhub.amqp;

import java.io.IOException;
import java.time.Clock;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread of a connection: takes what arrived and what others want done, lets the engine work on a handful of it,
 * and writes the outcome in one go. Whoever brings bytes is held up when too many wait; whoever brings tasks never is.
 */
final class ConnectionLoop implements Executor {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionLoop.class);
    /** Chunks of input that may wait. */
    private static final int MAX_CHUNKS = 16;
    /** Each link has at most a few tasks waiting, as their wake-ups are merged. */
    private static final int MAX_TASKS = 10_000;
    /** Tasks to a turn. */
    private static final int TURN = 64;

    private final String name;
    private final ByteSink sink;
    private final Clock clock;
    private final ServerConnection connection;
    private final LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>(MAX_TASKS);
    private final Semaphore chunks = new Semaphore(MAX_CHUNKS);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean stopped;
    private volatile long writingSince = Long.MAX_VALUE;

    /** @param clock for idle time-outs only, so never a test's that jumps */
    ConnectionLoop(String name, ServerContext context, ByteSink sink, Clock clock) {
        this.name = name;
        this.sink = sink;
        this.clock = clock;
        this.connection = new ServerConnection(context, this);
    }

    /** Begins. The thread ends with the connection. */
    void start() {
        Threads.start("hubwire-amqp-" + name, this::run);
    }

    /**
     * Bytes from the peer; waits while too many are still unread.
     *
     * @param bytes not copied: the caller lets go of them
     * @return whether more are welcome
     */
    boolean received(byte[] bytes, int length) throws InterruptedException {
        while (!chunks.tryAcquire(1, TimeUnit.SECONDS)) {
            if (stopped) {
                return false;
            }
        }
        execute(() -> {
            chunks.release();
            connection.received(bytes, length);
        });
        return !stopped;
    }

    /**
     * Bytes from the peer, of which no more come before these are worked off.
     *
     * @param bytes not copied: the caller lets go of them
     * @param workedOff runs on the connection's thread; not at all when the connection ends before
     */
    void received(byte[] bytes, Runnable workedOff) {
        execute(() -> {
            connection.received(bytes, bytes.length);
            workedOff.run();
        });
    }

    /** The peer closed its side, or the transport failed. */
    void lost() {
        stopped = true;
        execute(() -> connection.end(Conditions.CONNECTION_FORCED, "the peer went away"));
    }

    /** Ends the connection with a reason; it is gone some moments later. */
    void end(String condition, String description) {
        execute(() -> connection.end(condition, description));
    }

    /** Waits for the end. @return whether it came in time */
    boolean awaitEnd(long millis) throws InterruptedException {
        return ended.await(millis, TimeUnit.MILLISECONDS);
    }

    boolean isEnded() {
        return ended.getCount() == 0;
    }

    /** Whether the peer has not taken what is being written for this long. */
    boolean stalled(long millis) {
        return clock.millis() - writingSince > millis;
    }

    @Override
    public void execute(Runnable task) {
        if (!tasks.offer(task) && !stopped) {
            LOG.warn("AMQP connection {} has {} tasks waiting and is ended", name, MAX_TASKS);
            stopped = true;
            sink.close();
        }
    }

    private void run() {
        try {
            long nextTick = clock.millis() + connection.tick(clock.millis());
            while (!connection.isOver()) {
                turn(nextTick - clock.millis());
                if (clock.millis() >= nextTick) {
                    nextTick = clock.millis() + connection.tick(clock.millis());
                }
                flush();
            }
        } catch (IOException peerWentAway) {
            LOG.debug("AMQP connection {}: {}", name, peerWentAway.getMessage());
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | StackOverflowError unexpected) {
            LOG.warn("AMQP connection {} failed and is closed", name, unexpected);
        } finally {
            stopped = true;
            leave();
        }
    }

    private void turn(long waitMillis) throws InterruptedException {
        Runnable task = tasks.poll(Math.max(1, waitMillis), TimeUnit.MILLISECONDS);
        for (int i = 0; task != null; task = ++i < TURN ? tasks.poll() : null) {
            task.run();
        }
    }

    private void flush() throws IOException {
        writingSince = clock.millis();
        try {
            connection.flush(sink);
        } finally {
            writingSince = Long.MAX_VALUE;
        }
    }

    private void leave() {
        try {
            connection.gone();
        } catch (RuntimeException unexpected) {
            LOG.warn("AMQP connection {} could not give back all it held", name, unexpected);
        } finally {
            sink.close();
            ended.countDown();
        }
    }
}
