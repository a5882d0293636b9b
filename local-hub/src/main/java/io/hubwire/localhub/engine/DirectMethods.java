package io.hubwire.localhub.engine;

import io.hubwire.protocol.Identity;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Direct methods (service-rest 6, mqtt-device 4). */
public interface DirectMethods {
    /**
     * A call from the back end.
     *
     * @param payload a JSON value in UTF-8, or no bytes when the caller gave none
     * @param responseTimeout 5 to 300 s
     * @param connectTimeout 0 to 300 s, how long to wait for an absent device
     */
    record Call(String name, byte[] payload, Duration responseTimeout, Duration connectTimeout) {}

    /** @param payload a JSON value in UTF-8, or no bytes */
    record Result(int status, byte[] payload) {}

    /**
     * Calls a method on a connected device or module.
     *
     * @return completes within both time-outs: normally, or with {@link HubException} 404001, 404010, 404103 not online,
     *     504101 no answer, 502000 answer that is not JSON
     */
    CompletableFuture<Result> invoke(Identity identity, Call call);

    /** A device's answer; unknown or late request ids are ignored. */
    void answer(DeviceSession session, String requestId, int status, byte[] payload);
}
