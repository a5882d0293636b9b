package io.hubwire.mqtt.paho;

import io.hubwire.protocol.time.Timer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
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
    private static final Duration LOOK_AFTER = Duration.ofMillis(1);
    private static final int MOST_LOOKS = 100;

    private final ThreadFactory factory;
    private final Timer timer;
    private final Runnable onReaderEnded;
    private final Runnable onStarterEnded;

    /**
     * @param timer for the moments while a connection starts
     * @param onReaderEnded runs when Paho's reader has ended for whatever reason, an unchecked exception included, which
     *     Paho itself would not notice
     * @param onStarterEnded runs when the task that opens or closes the connection has ended
     */
    PahoThreads(ThreadFactory factory, Timer timer, Runnable onReaderEnded, Runnable onStarterEnded) {
        this.factory = factory;
        this.timer = timer;
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
        wakeStarter(Thread.currentThread(), task);
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
     * Ends Paho's sleep. Paho starts a task, looks at once whether it runs, is too early, and sleeps for 100 ms: three
     * times for each connection. The sleep ends early, and without harm, when the thread is interrupted.
     */
    private void wakeStarter(Thread starter, Runnable task) {
        if (task instanceof CommsReceiver reader) {
            wakeStarter(starter, reader::isRunning, MOST_LOOKS);
        } else if (task instanceof CommsSender writer) {
            wakeStarter(starter, writer::isRunning, MOST_LOOKS);
        } else if (task instanceof CommsCallback callback) {
            wakeStarter(starter, callback::isRunning, MOST_LOOKS);
        }
    }

    private void wakeStarter(Thread starter, BooleanSupplier running, int looks) {
        timer.schedule(LOOK_AFTER, () -> {
            if (running.getAsBoolean()) {
                starter.interrupt();
            } else if (looks > 1) {
                wakeStarter(starter, running, looks - 1);
            }
        });
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
