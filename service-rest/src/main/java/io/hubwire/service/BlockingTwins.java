package io.hubwire.service;

import io.hubwire.https.Await;
import io.hubwire.protocol.Identity;
import java.util.function.Function;

/** {@link Twins}, waiting for each answer; failures are thrown. */
public final class BlockingTwins {
    private final Twins async;

    BlockingTwins(Twins async) {
        this.async = async;
    }

    /** @see Twins#get */
    public Twin get(Identity identity) {
        return Await.on(async.get(identity));
    }

    /** @see Twins#patch */
    public Twin patch(Identity identity, TwinUpdate update, IfMatch condition) {
        return Await.on(async.patch(identity, update, condition));
    }

    /** @see Twins#replace */
    public Twin replace(Identity identity, TwinUpdate update, IfMatch condition) {
        return Await.on(async.replace(identity, update, condition));
    }

    /** @see Twins#modify */
    public Twin modify(Identity identity, Function<Twin, TwinUpdate> change) {
        return Await.on(async.modify(identity, change));
    }
}
