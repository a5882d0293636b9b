package io.hubwire.service;

import io.hubwire.https.HttpsRequest;
import io.hubwire.protocol.Identity;
import java.util.ArrayList;
import java.util.List;

/** The calls of {@link Twins} as requests, without token and api-version. Pure. Source: service-rest 5.2. */
final class TwinRequests {
    private TwinRequests() {}

    static HttpsRequest.Builder get(Identity identity) {
        return HttpsRequest.get(path(identity));
    }

    /** Merging twice raises the desired version twice, and devices hear of it twice: sent once. */
    static HttpsRequest.Builder patch(Identity identity, TwinUpdate update, IfMatch condition) {
        HttpsRequest.Builder request = HttpsRequest.patch(path(identity)).json(update.patchBody());
        return request.header("If-Match", condition.header());
    }

    static HttpsRequest.Builder replace(Identity identity, TwinUpdate update, IfMatch condition) {
        HttpsRequest.Builder request = HttpsRequest.put(path(identity)).json(update.replacementBody());
        return request.header("If-Match", condition.header());
    }

    static String[] path(Identity identity, String... more) {
        List<String> segments = new ArrayList<>(List.of("twins", identity.deviceId()));
        identity.moduleId().ifPresent(module -> segments.addAll(List.of("modules", module)));
        segments.addAll(List.of(more));
        return segments.toArray(String[]::new);
    }
}
