package io.hubwire.https;

import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.TransportException;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/** The bridge from asynchronous to blocking: what every blocking facade consists of. */
public final class Await {
    private static final StackTraceElement SEAM = new StackTraceElement("--- awaited", "by ---", null, -1);

    private Await() {}

    /**
     * Waits for {@code pending} and returns its value. There is no time-out here: every operation of ours ends by its own
     * deadline. When it failed, the cause itself is thrown, its trace continued by the waiting caller's.
     *
     * @throws HubwireException what the operation failed with; {@code CANCELLED} when the wait was interrupted (the
     *     operation is then cancelled and the thread's interrupt flag set again)
     */
    public static <T> T on(CompletableFuture<T> pending) {
        try {
            return pending.get();
        } catch (InterruptedException interrupted) {
            pending.cancel(true);
            Thread.currentThread().interrupt();
            throw new TransportException(
                    ErrorCode.CANCELLED,
                    "interrupted while waiting; the operation may have been carried out",
                    interrupted);
        } catch (CancellationException cancelled) {
            throw cancelled(cancelled);
        } catch (ExecutionException failed) {
            throw continued(cause(failed));
        }
    }

    /** The failure itself, without the wrappers that futures put round it. */
    public static Throwable cause(Throwable failure) {
        Throwable t = failure;
        while ((t instanceof CompletionException || t instanceof ExecutionException) && t.getCause() != null) {
            t = t.getCause();
        }
        return t;
    }

    private static RuntimeException cancelled(CancellationException cause) {
        return new TransportException(ErrorCode.CANCELLED, "the operation was cancelled", cause);
    }

    private static RuntimeException continued(Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        if (cause instanceof CancellationException cancelled) {
            return cancelled(cancelled);
        }
        if (!(cause instanceof RuntimeException)) {
            return new IllegalStateException("unexpected failure", cause);
        }
        StackTraceElement[] before = cause.getStackTrace();
        if (!Arrays.asList(before).contains(SEAM)) {
            Stream<StackTraceElement> waiter =
                    Stream.of(new Throwable().getStackTrace()).skip(2); // this method and on()
            cause.setStackTrace(Stream.concat(Stream.concat(Stream.of(before), Stream.of(SEAM)), waiter)
                    .toArray(StackTraceElement[]::new));
        }
        return (RuntimeException) cause;
    }
}
