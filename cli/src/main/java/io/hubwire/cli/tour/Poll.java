package io.hubwire.cli.tour;

import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.TransportException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Asks again and again until something is there. For what a back end can only look up, such as reported properties. */
final class Poll {
    private static final long INTERVAL_MILLIS = 50;

    private final Clock clock;
    private final CountDownLatch never = new CountDownLatch(1);

    Poll(Clock clock) {
        this.clock = clock;
    }

    /** @throws TransportException {@code TIMED_OUT}, naming what was waited for */
    <T> T until(String what, Duration patience, Supplier<Optional<T>> look) throws InterruptedException {
        Instant end = clock.instant().plus(patience);
        while (true) {
            Optional<T> found = look.get();
            if (found.isPresent()) {
                return found.get();
            }
            if (clock.instant().isAfter(end) || never.await(INTERVAL_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new TransportException(
                        ErrorCode.TIMED_OUT, what + " did not come in " + patience.toSeconds() + " s");
            }
        }
    }
}
