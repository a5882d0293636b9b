package io.hubwire.service;

import io.hubwire.https.Await;
import io.hubwire.https.ServiceException;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.Identity;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Direct methods on devices and modules. A call is sent once and never repeated. Failures as {@link ServiceClient} says;
 * needs a policy with ServiceConnect. Source: service-rest 6.
 */
public final class Methods {
    private final ServiceCalls calls;
    private final Blocking blocking = new Blocking();

    Methods(ServiceCalls calls) {
        this.calls = calls;
    }

    /** The same, waiting. */
    public Blocking blocking() {
        return blocking;
    }

    /**
     * Invokes a method and takes nothing but a result for success.
     *
     * @return what the device answered, whatever its status; fails with {@link ServiceException} code {@code
     *     DEVICE_OFFLINE} when it is absent, {@code TIMED_OUT} when it does not answer in time, {@code NOT_FOUND} when it is
     *     not registered, {@code SERVER_ERROR} when its answer is none
     */
    public CompletableFuture<MethodResult> invoke(Identity target, MethodCall call) {
        return calls.send(MethodRequests.invoke(target, call))
                .thenApply(answer -> MethodResult.read(Answers.object("method result", answer)));
    }

    /** As {@link #invoke}, with absence, time-out and bad answer of the device as outcomes instead of failures. */
    public CompletableFuture<MethodOutcome> outcome(Identity target, MethodCall call) {
        return invoke(target, call)
                .<MethodOutcome>thenApply(result -> result)
                .exceptionallyCompose(failure -> Await.cause(failure) instanceof ServiceException refusal
                        ? meaning(refusal)
                                .map(CompletableFuture::completedFuture)
                                .orElseGet(() -> CompletableFuture.failedFuture(refusal))
                        : CompletableFuture.failedFuture(failure));
    }

    /** What a refusal means, or empty when it is none of the device's: not registered, not allowed, throttled. */
    private static Optional<MethodOutcome> meaning(ServiceException refusal) {
        if (refusal.code() == ErrorCode.DEVICE_OFFLINE) {
            return Optional.of(new MethodOutcome.Offline(refusal));
        }
        return switch (refusal.httpStatus()) {
            case 504 -> Optional.of(new MethodOutcome.TimedOut(refusal));
            case 502 -> Optional.of(new MethodOutcome.BadAnswer(refusal));
            default -> Optional.empty();
        };
    }

    /** {@link Methods}, waiting for each answer; failures are thrown. */
    public final class Blocking {
        private Blocking() {}

        /** @see Methods#invoke */
        public MethodResult invoke(Identity target, MethodCall call) {
            return Await.on(Methods.this.invoke(target, call));
        }

        /** @see Methods#outcome */
        public MethodOutcome outcome(Identity target, MethodCall call) {
            return Await.on(Methods.this.outcome(target, call));
        }
    }
}
