package io.hubwire.localhub.engine;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.CompletableFuture;

/** Asks a program of the user's which hub a device shall have: the way to it. What is said is the engine's business. */
@FunctionalInterface
public interface AllocationWebhook {
    /** One that nobody answers, for engines without a network. */
    AllocationWebhook NONE =
            (address, body) -> CompletableFuture.failedFuture(new IOException("this DPS has no way to call a webhook"));

    /** What came back. */
    record Reply(int status, byte[] body) {
        public Reply {
            body = body.clone();
        }

        @Override
        public byte[] body() {
            return body.clone();
        }
    }

    /**
     * Posts JSON.
     *
     * @param address http or https
     * @return completes, within a time that the implementation sets, with any answer whatever its status; exceptionally with
     *     an {@link IOException} when there is none. Must not run dependents for long on a thread others wait for
     */
    CompletableFuture<Reply> post(URI address, byte[] body);
}
