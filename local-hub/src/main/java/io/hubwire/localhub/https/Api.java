package io.hubwire.localhub.https;

import java.time.Instant;
import java.util.UUID;

/** One of the APIs on this port: which versions it speaks, and how it refuses. */
interface Api {
    /**
     * What support would ask for: which request, and when.
     *
     * @param trackingId random, one a request
     */
    record Incident(UUID trackingId, Instant at) {}

    /** Refuses a request whose {@code api-version} is missing or unknown, in the way {@link #refusal} understands. */
    void requireVersion(RequestTarget target);

    /** Turns whatever an operation failed with into an answer. Never throws; what was not foreseen becomes a 500. */
    HttpAnswer refusal(Throwable failure, Incident incident);
}
