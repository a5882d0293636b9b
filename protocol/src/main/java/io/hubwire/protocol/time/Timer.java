package io.hubwire.protocol.time;

import java.time.Duration;

/**
 * Something that runs a task later. Production hands in one backed by a scheduler; tests hand in {@code FakeTime}, whose
 * day lasts a millisecond. Implementations are thread-safe; tasks are short and never block.
 */
public interface Timer {
    /**
     * Runs {@code task} once, {@code delay} from now.
     *
     * @param delay zero or negative means as soon as possible, still on the timer's own thread
     */
    Scheduled schedule(Duration delay, Runnable task);

    /** A task that waits for its time. */
    interface Scheduled {
        /** Forgets the task if it has not started; harmless at any other time. */
        void cancel();
    }
}
