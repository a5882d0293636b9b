package io.hubwire.mqtt.paho;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.eclipse.paho.client.mqttv3.internal.CommsCallback;
import org.eclipse.paho.client.mqttv3.internal.CommsReceiver;
import org.eclipse.paho.client.mqttv3.internal.CommsSender;

/**
 * The executor that one Paho client runs on: a thread for each task, since three of them last as long as the connection
 * and a bounded pool would dead-lock. Paho asks for a {@link ScheduledExecutorService} but schedules nothing on it; pings
 * go through {@link PahoPings}.
 */
final class PahoThreads extends AbstractExecutorService implements ScheduledExecutorService {
    /** How long we wait for Paho's task to be up: far more than it takes, far less than Paho's own 100 ms. */
    private static final int HEAD_START_ROUNDS = 200;

    private static final long HEAD_START_NANOS = 50_000;

    private final ThreadFactory factory;
    private final Runnable onReaderEnded;
    private final Runnable onStarterEnded;

    /**
     * @param onReaderEnded runs when Paho's reader has ended for whatever reason, an unchecked exception included, which
     *     Paho itself would not notice
     * @param onStarterEnded runs when the task that opens or closes the connection has ended
     */
    PahoThreads(ThreadFactory factory, Runnable onReaderEnded, Runnable onStarterEnded) {
        this.factory = factory;
        this.onReaderEnded = onReaderEnded;
        this.onStarterEnded = onStarterEnded;
    }

    @Override
    public void execute(Runnable task) {
        factory.newThread(() -> {
                    try {
                        task.run();
                    } finally {
                        onStarterEnded.run();
                    }
                })
                .start();
    }

    /** For the three lasting tasks. */
    @Override
    public Future<?> submit(Runnable task) {
        FutureTask<?> future = new FutureTask<>(task instanceof CommsReceiver ? thenTell(task) : task, null);
        factory.newThread(future).start();
        giveHeadStart(task);
        return future;
    }

    private Runnable thenTell(Runnable reader) {
        return () -> {
            try {
                reader.run();
            } finally {
                onReaderEnded.run();
            }
        };
    }

    /**
     * Waits until the task runs, usually some ten microseconds. Paho looks at once, and if it is too early sleeps for
     * 100 ms, three times for each connection.
     */
    private static void giveHeadStart(Runnable task) {
        BooleanSupplier running;
        if (task instanceof CommsReceiver reader) {
            running = reader::isRunning;
        } else if (task instanceof CommsSender writer) {
            running = writer::isRunning;
        } else if (task instanceof CommsCallback callback) {
            running = callback::isRunning;
        } else {
            return;
        }
        for (int i = 0; i < HEAD_START_ROUNDS && !running.getAsBoolean(); i++) {
            LockSupport.parkNanos(HEAD_START_NANOS);
        }
    }

    @Override
    public void shutdown() {
        // its threads end with the connection
    }

    @Override
    public List<Runnable> shutdownNow() {
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public boolean isTerminated() {
        return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return false;
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        throw notATimer();
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
        throw notATimer();
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable command, long initial, long period, TimeUnit unit) {
        throw notATimer();
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable command, long initial, long delay, TimeUnit unit) {
        throw notATimer();
    }

    private static UnsupportedOperationException notATimer() {
        return new UnsupportedOperationException("this executor runs tasks at once; Timer is for later");
    }
}
