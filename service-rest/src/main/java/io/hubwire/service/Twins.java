package io.hubwire.service;

import io.hubwire.https.Await;
import io.hubwire.https.HttpsResponse;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.RemoteProtocolException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * Device and module twins. Failures as {@link ServiceClient} says; those that matter here are {@code NOT_FOUND} and {@code
 * PRECONDITION_FAILED}. Needs a policy with ServiceConnect. Source: service-rest 5.
 */
public final class Twins {
    /** Each competitor that got in between costs one attempt. */
    private static final int MOST_ATTEMPTS = 50;

    private final ServiceCalls calls;
    private final Pauses pauses;
    private final Blocking blocking = new Blocking();

    Twins(ServiceCalls calls, Pauses pauses) {
        this.calls = calls;
        this.pauses = pauses;
    }

    /** The same, waiting. */
    public Blocking blocking() {
        return blocking;
    }

    /** The whole twin. {@code NOT_FOUND} when there is no such device or module. */
    public CompletableFuture<Twin> get(Identity identity) {
        return calls.send(TwinRequests.get(identity)).thenApply(Twins::twin);
    }

    /**
     * Merges {@code update} in; null members remove. A connected device hears of changed desired properties.
     *
     * @return the whole twin after it
     * @throws InvalidInputException when {@code update} breaks a rule of twins
     */
    public CompletableFuture<Twin> patch(Identity identity, TwinUpdate update, IfMatch condition) {
        return calls.send(TwinRequests.patch(identity, update, condition)).thenApply(Twins::twin);
    }

    /**
     * Replaces tags and desired properties; a section that {@code update} lacks becomes empty.
     *
     * @return the whole twin after it
     * @throws InvalidInputException when {@code update} breaks a rule of twins, for example by a null
     */
    public CompletableFuture<Twin> replace(Identity identity, TwinUpdate update, IfMatch condition) {
        return calls.send(TwinRequests.replace(identity, update, condition)).thenApply(Twins::twin);
    }

    /**
     * Reads the twin, merges in what {@code change} makes of it, and starts anew when someone else changed it in between:
     * no update is lost, neither theirs nor ours.
     *
     * @param change called once per attempt, on the client's threads; {@link TwinUpdate#nothing()} leaves all as it is
     * @return the twin after it; fails with {@code PRECONDITION_FAILED} after {@value #MOST_ATTEMPTS} attempts
     */
    public CompletableFuture<Twin> modify(Identity identity, Function<Twin, TwinUpdate> change) {
        return modify(identity, change, 1);
    }

    private CompletableFuture<Twin> modify(Identity identity, Function<Twin, TwinUpdate> change, int attempt) {
        return get(identity)
                .thenCompose(twin -> patchIfUnchanged(twin, change.apply(twin)))
                .exceptionallyCompose(failure -> wasOvertaken(failure) && attempt < MOST_ATTEMPTS
                        ? pauses.after(attempt).thenCompose(over -> modify(identity, change, attempt + 1))
                        : CompletableFuture.failedFuture(failure));
    }

    private CompletableFuture<Twin> patchIfUnchanged(Twin twin, TwinUpdate update) {
        return update.isEmpty() ? CompletableFuture.completedFuture(twin) : patch(twin.identity(), update, tag(twin));
    }

    private static IfMatch tag(Twin twin) {
        return twin.etag()
                .map(IfMatch::of)
                .orElseThrow(() -> new RemoteProtocolException(
                        "twin of [" + twin.identity() + "] came without an ETag; a safe change needs one"));
    }

    private static boolean wasOvertaken(Throwable failure) {
        return Await.cause(failure) instanceof HubwireException e && e.code() == ErrorCode.PRECONDITION_FAILED;
    }

    private static Twin twin(HttpsResponse answer) {
        return Twin.read(Answers.entity("twin", answer));
    }

    /** {@link Twins}, waiting for each answer; failures are thrown. */
    public final class Blocking {
        private Blocking() {}

        /** @see Twins#get */
        public Twin get(Identity identity) {
            return Await.on(Twins.this.get(identity));
        }

        /** @see Twins#patch */
        public Twin patch(Identity identity, TwinUpdate update, IfMatch condition) {
            return Await.on(Twins.this.patch(identity, update, condition));
        }

        /** @see Twins#replace */
        public Twin replace(Identity identity, TwinUpdate update, IfMatch condition) {
            return Await.on(Twins.this.replace(identity, update, condition));
        }

        /** @see Twins#modify */
        public Twin modify(Identity identity, Function<Twin, TwinUpdate> change) {
            return Await.on(Twins.this.modify(identity, change));
        }
    }
}
