package io.hubwire.service;

import io.hubwire.https.HttpsRequest;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.json.Json;
import java.time.Duration;

/** The calls of {@link Methods} as requests, without token and api-version. Pure. Source: service-rest 6. */
final class MethodRequests {
    /** On top of what the hub may wait, so that its own time-out arrives before ours. */
    private static final Duration MARGIN = Duration.ofSeconds(15);

    private MethodRequests() {}

    /** Sent once: a device may have acted even if no answer came. */
    static HttpsRequest.Builder invoke(Identity target, MethodCall call) {
        return HttpsRequest.post(TwinRequests.path(target, "methods"))
                .json(Json.write(call.body()))
                .timeout(deadline(call));
    }

    static Duration deadline(MethodCall call) {
        return call.responseTimeout().plus(call.connectTimeout()).plus(MARGIN);
    }
}
