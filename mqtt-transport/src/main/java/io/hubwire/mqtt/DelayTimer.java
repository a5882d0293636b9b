package io.hubwire.mqtt;

import io.hubwire.protocol.time.Timer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Waits on the thread that the JDK keeps for delayed completions, one for the whole process however many clients there
 * are. Tasks run on that thread, so they hand over anything that takes time.
 */
final class DelayTimer implements Timer {
    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // the task reports its own failures
    public Scheduled schedule(Duration delay, Runnable task) {
        CompletableFuture<Void> due = new CompletableFuture<>();
        due.thenRun(() -> Serial.run(task));
        due.completeOnTimeout(null, Math.max(0, delay.toNanos()), TimeUnit.NANOSECONDS);
        return () -> due.cancel(false);
    }
}
