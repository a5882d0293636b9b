package io.hubwire.https;

import io.hubwire.protocol.time.Timer;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The timer of production: one daemon thread. Tasks on it must not block. After {@link #close()} it runs nothing more.
 */
public final class ScheduledTimer implements Timer, AutoCloseable {
    private static final Scheduled NEVER = () -> {};

    private final ScheduledThreadPoolExecutor executor;

    /** @param threadName how the thread shows in dumps, for example {@code hubwire-dps-timer} */
    public ScheduledTimer(String threadName) {
        executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, threadName);
            thread.setDaemon(true);
            return thread;
        });
        executor.setRemoveOnCancelPolicy(true); // or each finished call would stay until its deadline
    }

    @Override
    public Scheduled schedule(Duration delay, Runnable task) {
        try {
            Future<?> future = executor.schedule(task, Math.max(0, delay.toNanos()), TimeUnit.NANOSECONDS);
            return () -> future.cancel(false);
        } catch (RejectedExecutionException closed) {
            return NEVER;
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
