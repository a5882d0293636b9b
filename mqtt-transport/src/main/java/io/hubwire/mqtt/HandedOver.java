package io.hubwire.mqtt;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The application's view of an outcome. Dependents run on the callback thread, whoever brings the news. Whoever waits with
 * {@link #get} or {@link #join}, however, is let go at once: waiting must not depend on a callback thread that the
 * application keeps busy, or is itself the one to wait.
 */
final class HandedOver<T> extends CompletableFuture<T> {
    private final CompletableFuture<T> source;

    private HandedOver(CompletableFuture<T> source) {
        this.source = source;
    }

    /** @param source completes anywhere; has no dependents of the application */
    @SuppressWarnings("FutureReturnValueIgnored") // the view follows the source
    static <T> CompletableFuture<T> of(CompletableFuture<T> source, Executor callbacks) {
        HandedOver<T> view = new HandedOver<>(source);
        source.whenComplete((value, failure) -> callbacks.execute(() -> view.follow(value, failure)));
        return view;
    }

    private void follow(T value, Throwable failure) {
        if (failure == null) {
            super.complete(value);
        } else {
            super.completeExceptionally(cause(failure));
        }
    }

    /** The failure itself, without the wrapping that stages add when they pass one on. */
    static Throwable cause(Throwable failure) {
        Throwable cause = failure.getCause();
        return failure instanceof CompletionException && cause != null ? cause : failure;
    }

    @Override
    public T get() throws InterruptedException, ExecutionException {
        return source.get();
    }

    @Override
    public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
        return source.get(timeout, unit);
    }

    @Override
    public T join() {
        return source.join();
    }

    @Override
    public T getNow(T valueIfAbsent) {
        return source.getNow(valueIfAbsent);
    }

    @Override
    public boolean isDone() {
        return source.isDone();
    }

    @Override
    public boolean isCompletedExceptionally() {
        return source.isCompletedExceptionally();
    }

    @Override
    public boolean isCancelled() {
        return source.isCancelled();
    }

    @Override
    public boolean complete(T value) {
        return source.complete(value);
    }

    @Override
    public boolean completeExceptionally(Throwable failure) {
        return source.completeExceptionally(failure);
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
        return source.cancel(mayInterruptIfRunning);
    }

    /** What is derived from it completes on the callback thread by nature and needs none of this. */
    @Override
    public <U> CompletableFuture<U> newIncompleteFuture() {
        return new CompletableFuture<>();
    }
}
