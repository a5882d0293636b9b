package io.hubwire.cli.bench.load;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.HdrHistogram.AtomicHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Drives any {@link Publisher} in the same way, so that what differs is the publisher. */
public final class Load {
    private static final long ANSWER_SECONDS = 30;
    private static final long LONGEST_NANOS = TimeUnit.MINUTES.toNanos(2);
    private static final int DIGITS = 3;

    private final Publisher publisher;
    private final LongSupplier nanoTime;

    public Load(Publisher publisher, LongSupplier nanoTime) {
        this.publisher = publisher;
        this.nanoTime = nanoTime;
    }

    /**
     * Sends without waiting for single acknowledgements.
     *
     * @param window most messages sent and not acknowledged
     * @throws TimeoutException when an acknowledgement is missing for long
     * @throws IllegalStateException when a message failed
     */
    public Round async(int window, Duration lasting) throws Exception {
        Histogram latency = histogram();
        AtomicReference<@Nullable Throwable> failed = new AtomicReference<>();
        Semaphore room = new Semaphore(window);
        long messages = 0;
        long cpu = Footprint.cpuNanos();
        long allocated = Footprint.allocatedBytes();
        long start = nanoTime.getAsLong();
        long end = start + lasting.toNanos();
        for (long now = start; now - end < 0; now = nanoTime.getAsLong()) {
            await(room, 1);
            long sent = nanoTime.getAsLong();
            publisher.publish(failure -> {
                if (failure == null) {
                    latency.recordValue(nanoTime.getAsLong() - sent);
                } else {
                    failed.compareAndSet(null, failure);
                }
                room.release();
            });
            messages++;
        }
        await(room, window);
        long took = nanoTime.getAsLong() - start;
        requireNone(failed.get());
        return new Round(messages, took, latency, Footprint.cpuNanos() - cpu, Footprint.allocatedBytes() - allocated);
    }

    /** Sends, waits for the acknowledgement, sends the next. */
    public Round blocking(Duration lasting) throws Exception {
        Histogram latency = histogram();
        long messages = 0;
        long cpu = Footprint.cpuNanos();
        long allocated = Footprint.allocatedBytes();
        long start = nanoTime.getAsLong();
        long end = start + lasting.toNanos();
        long now = start;
        while (now - end < 0) {
            publisher.publishAndWait();
            long done = nanoTime.getAsLong();
            latency.recordValue(done - now);
            now = done;
            messages++;
        }
        return new Round(
                messages, now - start, latency, Footprint.cpuNanos() - cpu, Footprint.allocatedBytes() - allocated);
    }

    static Histogram histogram() {
        return new AtomicHistogram(LONGEST_NANOS, DIGITS);
    }

    private static void await(Semaphore room, int permits) throws InterruptedException, TimeoutException {
        if (!room.tryAcquire(permits, ANSWER_SECONDS, TimeUnit.SECONDS)) {
            throw new TimeoutException("no acknowledgement for " + ANSWER_SECONDS + " s");
        }
    }

    private static void requireNone(@Nullable Throwable failure) {
        if (failure != null) {
            throw new IllegalStateException("a message failed: " + failure, failure);
        }
    }
}
