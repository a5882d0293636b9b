package io.hubwire.localhub.engine;

import io.hubwire.protocol.Identity;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Direct methods (service-rest 6, mqtt-device 4). */
public interface DirectMethods {
    /**
     * A call from the back end.
     *
     * @param payload a JSON value in UTF-8, or no bytes when the caller gave none
     * @param responseTimeout 5 to 300 s
     * @param connectTimeout 0 to 300 s, how long to wait for an absent device
     */
    record Call(String name, byte[] payload, Duration responseTimeout, Duration connectTimeout) {
        public Call {
            payload = payload.clone();
        }

        @Override
        public byte[] payload() {
            return payload.clone();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Call call
                    && name.equals(call.name)
                    && Arrays.equals(payload, call.payload)
                    && responseTimeout.equals(call.responseTimeout)
                    && connectTimeout.equals(call.connectTimeout);
        }

        @Override
        public int hashCode() {
            return Objects.hash(name, Arrays.hashCode(payload), responseTimeout, connectTimeout);
        }

        /** The payload only by its length. */
        @Override
        public String toString() {
            return "Call[" + name + ", " + payload.length + " bytes, " + responseTimeout + ", " + connectTimeout + "]";
        }
    }

    /**
     * What the device answered.
     *
     * @param payload a JSON value in UTF-8, or no bytes
     */
    record Result(int status, byte[] payload) {
        public Result {
            payload = payload.clone();
        }

        @Override
        public byte[] payload() {
            return payload.clone();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Result result && status == result.status && Arrays.equals(payload, result.payload);
        }

        @Override
        public int hashCode() {
            return 31 * status + Arrays.hashCode(payload);
        }

        /** The payload only by its length. */
        @Override
        public String toString() {
            return "Result[" + status + ", " + payload.length + " bytes]";
        }
    }

    /**
     * Calls a method on a connected device or module.
     *
     * @return completes within both time-outs: normally, or with {@link HubException} 404001, 404010, 404103 not online,
     *     504101 no answer, 502000 answer that is not JSON or too long, 400004 time-outs, 413001 payload, 403800 too many
     *     calls in flight, 503001 the hub stops
     */
    CompletableFuture<Result> invoke(Identity identity, Call call);

    /** A device's answer; unknown or late request ids are ignored. */
    void answer(DeviceSession session, String requestId, int status, byte[] payload);
}
