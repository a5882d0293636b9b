package io.hubwire.cli.context;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits between messages; a latch, so that {@link #end} cuts the wait short. */
public final class Pace {
    private final CountDownLatch ended = new CountDownLatch(1);

    /** @return false when it was ended meanwhile */
    public boolean pause(Duration interval) throws InterruptedException {
        return !ended.await(interval.toNanos(), TimeUnit.NANOSECONDS);
    }

    public void end() {
        ended.countDown();
    }
}
