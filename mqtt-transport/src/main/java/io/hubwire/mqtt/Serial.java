package io.hubwire.mqtt;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks one after another, in the order they came, without a thread of its own: whoever brings a task while none is
 * running runs it, and with it all that arrive meanwhile. What is confined to one {@code Serial} needs no locks. Tasks
 * are short and never block.
 */
final class Serial implements Executor {
    private static final Logger log = LoggerFactory.getLogger(Serial.class);

    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();

    @Override
    public void execute(Runnable task) {
        tasks.add(task);
        if (waiting.getAndIncrement() == 0) {
            do {
                Runnable next = tasks.poll();
                if (next != null) {
                    run(next);
                }
            } while (waiting.decrementAndGet() != 0);
        }
    }

    /** A task that fails must not take those behind it along. */
    static void run(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException | Error defect) {
            log.error("a task of the client failed; this is a defect", defect);
        }
    }
}
