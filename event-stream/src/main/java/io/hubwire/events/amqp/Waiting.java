package io.hubwire.events.amqp;

import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.TransportException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for results that come in time by themselves, and throws their reasons as they are. */
public final class Waiting {
    private Waiting() {}

    /** @throws HubwireException the reason of the failure, or CANCELLED when the thread is interrupted */
    public static <T> T on(CompletableFuture<T> result) {
        try {
            return result.get();
        } catch (ExecutionException failed) {
            throw reason(failed);
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
            throw new TransportException(ErrorCode.CANCELLED, "interrupted while waiting", asked);
        }
    }

    /**
     * As {@link #on(CompletableFuture)}, where even the thread that should see to the time may be stuck.
     *
     * @throws HubwireException also TIMED_OUT
     */
    public static <T> T on(CompletableFuture<T> result, Duration atMost, String what) {
        try {
            return result.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw new TransportException(
                    ErrorCode.TIMED_OUT, what + ": no answer within " + atMost.toMillis() + " ms", late);
        } catch (ExecutionException failed) {
            throw reason(failed);
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
            throw new TransportException(ErrorCode.CANCELLED, "interrupted while waiting", asked);
        }
    }

    /** What is behind wrappers of the JDK. */
    public static HubwireException reason(Throwable failed) {
        Throwable cause = failed;
        while ((cause instanceof ExecutionException || cause instanceof CompletionException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof HubwireException known) {
            known.addSuppressed(new IllegalStateException("waited for here"));
            return known;
        }
        throw new IllegalStateException("unexpected failure", cause);
    }
}
