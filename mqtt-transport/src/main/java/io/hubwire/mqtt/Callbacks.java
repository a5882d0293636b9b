package io.hubwire.mqtt;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the application's code runs: handlers, listeners, dependents of completed stages, one after another in the order
 * of events. One thread that exists only while there is something to do and a few seconds longer. May be blocked by the
 * application; only the application's own callbacks then wait.
 */
final class Callbacks implements Executor {
    private static final Logger log = LoggerFactory.getLogger(Callbacks.class);
    private static final int IDLE_SECONDS = 5;

    private final ThreadPoolExecutor worker;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();

    Callbacks(ThreadFactory threads) {
        worker = new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
        worker.allowCoreThreadTimeOut(true);
    }

    /** Queues in our own queue, so that a thousand completions wake the worker once. */
    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (waiting.getAndIncrement() == 0) {
            worker.execute(this::runAll);
        }
    }

    private void runAll() {
        do {
            Runnable next = tasks.poll();
            if (next != null) {
                run(next);
            }
        } while (waiting.decrementAndGet() != 0);
    }

    private static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error fromApplication) {
            log.warn("a callback of the application failed", fromApplication);
        }
    }

    /** Lets the thread end as soon as everything queued has run; what comes later still runs, on a short-lived thread. */
    void close() {
        worker.setKeepAliveTime(1, TimeUnit.MILLISECONDS);
    }
}
