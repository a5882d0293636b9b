package io.hubwire.localhub.https;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Answers a request. Called on a thread that may block for a moment (a store), never for a device. */
@FunctionalInterface
interface Operation {
    /**
     * Answers one request.
     *
     * @return the answer, or a failure with what {@link Api#refusal} understands
     * @throws RuntimeException the same, at once
     */
    CompletionStage<HttpAnswer> answer(HttpCall call);

    /** An operation whose answer is there at once. */
    static Operation of(Immediate immediate) {
        return call -> CompletableFuture.completedFuture(immediate.answer(call));
    }

    /** Answers at once. */
    @FunctionalInterface
    interface Immediate {
        HttpAnswer answer(HttpCall call);
    }
}
