package io.hubwire.mqtt;

import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.TransportException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for a stage on behalf of a blocking caller. */
final class Await {
    private static final Logger log = LoggerFactory.getLogger(Await.class);

    private Await() {}

    /**
     * The stage's value.
     *
     * @throws RuntimeException the stage's own failure; its stack trace begins with the caller, who is easier to find than
     *     the thread where it happened
     * @throws TransportException {@link ErrorCode#CANCELLED} when the caller is interrupted; the operation goes on
     */
    static <T> T outcome(CompletableFuture<T> stage) {
        try {
            return stage.get();
        } catch (ExecutionException failed) {
            Throwable cause = failed.getCause();
            if (cause instanceof RuntimeException failure) {
                failure.setStackTrace(withCaller(failure.getStackTrace()));
                throw failure;
            }
            throw new IllegalStateException("operation failed in an unforeseen way", cause);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new TransportException(ErrorCode.CANCELLED, "interrupted while waiting for an outcome", stopped);
        }
    }

    /** Waits until the stage has ended in whatever way, the time is up or the caller is interrupted. */
    static void quietly(CompletableFuture<?> stage, Duration atMost) {
        try {
            stage.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException whatever) {
            log.debug("not waiting any longer: {}", whatever.toString());
        }
    }

    private static StackTraceElement[] withCaller(StackTraceElement[] inner) {
        StackTraceElement[] caller = new Throwable().getStackTrace();
        StackTraceElement seam = new StackTraceElement("=== asynchronous operation ===", "below", null, -1);
        return Stream.of(Arrays.stream(caller).skip(2), Stream.of(seam), Arrays.stream(inner))
                .flatMap(s -> s)
                .toArray(StackTraceElement[]::new);
    }
}
