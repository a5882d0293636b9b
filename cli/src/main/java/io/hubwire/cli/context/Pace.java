package io.hubwire.cli.device;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Waits between messages; a latch, so that {@link #end} cuts the wait short. */
final class Pace {
    private final CountDownLatch ended = new CountDownLatch(1);

    /** @return false when it was ended meanwhile */
    boolean pause(Duration interval) throws InterruptedException {
        return !ended.await(interval.toNanos(), TimeUnit.NANOSECONDS);
    }

    void end() {
        ended.countDown();
    }
}
