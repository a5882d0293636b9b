package io.hubwire.mqtt;

import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.TransportException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Who waits for the connection to open, to close, or for a subscription. Runs in the client's {@link Serial}. */
final class Waiters {
    private final List<CompletableFuture<Void>> opening = new ArrayList<>();
    private final List<CompletableFuture<Void>> closing = new ArrayList<>();
    private final Map<String, List<CompletableFuture<Void>>> subscribing = new HashMap<>();

    CompletableFuture<Void> opened() {
        return added(opening);
    }

    CompletableFuture<Void> closed() {
        return added(closing);
    }

    CompletableFuture<Void> granted(String filter) {
        return added(subscribing.computeIfAbsent(filter, f -> new ArrayList<>()));
    }

    private static CompletableFuture<Void> added(List<CompletableFuture<Void>> list) {
        CompletableFuture<Void> waiter = new CompletableFuture<>();
        list.add(waiter);
        return waiter;
    }

    /** Tells those whom this step concerns, if any. */
    void tell(ConnectionStep step) {
        if (step instanceof ConnectionStep.Opened) {
            drain(opening).forEach(f -> f.complete(null));
        } else if (step instanceof ConnectionStep.OpenFailed failed) {
            drain(opening).forEach(f -> f.completeExceptionally(failed.cause()));
        } else if (step instanceof ConnectionStep.Granted granted) {
            for (String filter : granted.filters()) {
                waitersFor(filter).forEach(f -> f.complete(null));
            }
        } else if (step instanceof ConnectionStep.NotGranted refused) {
            waitersFor(refused.filter()).forEach(f -> f.completeExceptionally(refused.cause()));
        } else if (step instanceof ConnectionStep.Finished) {
            HubwireException closed = new TransportException(ErrorCode.CANCELLED, "client closed");
            drain(opening).forEach(f -> f.completeExceptionally(closed));
            List.copyOf(subscribing.keySet())
                    .forEach(filter -> waitersFor(filter).forEach(f -> f.completeExceptionally(closed)));
            drain(closing).forEach(f -> f.complete(null));
        }
    }

    private List<CompletableFuture<Void>> waitersFor(String filter) {
        List<CompletableFuture<Void>> waiters = subscribing.remove(filter);
        return waiters == null ? List.of() : waiters;
    }

    private static <T> List<T> drain(List<T> list) {
        List<T> all = List.copyOf(list);
        list.clear();
        return all;
    }
}
