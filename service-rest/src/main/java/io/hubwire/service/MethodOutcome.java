package io.hubwire.service;

import io.hubwire.https.ServiceException;

/**
 * How the invocation of a direct method ended, for callers to whom an absent device is no exception:
 *
 * <pre>{@code
 * MethodOutcome outcome = hub.methods().blocking().outcome(device, call);
 * if (outcome instanceof MethodResult result) { … result.status() … }
 * else if (outcome instanceof MethodOutcome.Offline) { … try later … }
 * }</pre>
 */
public sealed interface MethodOutcome permits MethodResult, MethodOutcome.NoResult {
    /** The device gave no usable answer. */
    sealed interface NoResult extends MethodOutcome {
        /** What the hub said. */
        ServiceException cause();
    }

    /** The device is not connected, or listens to no methods: 404103. */
    record Offline(ServiceException cause) implements NoResult {}

    /** The device is connected and did not answer in time: 504101. It may have acted. */
    record TimedOut(ServiceException cause) implements NoResult {}

    /** The device answered with something that is no method answer: 502. It may have acted. */
    record BadAnswer(ServiceException cause) implements NoResult {}
}
