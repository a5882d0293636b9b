package io.hubwire.localhub.https;

import static io.hubwire.localhub.engine.AccessControl.Right.SERVICE_CONNECT;

import io.hubwire.localhub.engine.FeedbackQueue;
import io.hubwire.localhub.engine.HubNames;
import io.hubwire.protocol.http.HttpTime;
import io.hubwire.protocol.json.Json;
import java.util.List;

/** What became of cloud-to-device messages. Source: service-rest 13.4; where the lock token is: open-questions 47. */
final class Feedback implements Resource {
    private static final String ALL = "/messages/serviceBound/feedback";
    private static final String ONE = ALL + "/{lockToken}";
    private static final String MEDIA_TYPE = "application/vnd.microsoft.iothub.feedback.json";
    private static final int MAX_RECORDS = 64;

    private final FeedbackQueue queue;
    private final HubNames names;
    private final ServiceApi api;

    Feedback(FeedbackQueue queue, HubNames names, ServiceApi api) {
        this.queue = queue;
        this.names = names;
        this.api = api;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                api.route("GET", ALL, SERVICE_CONNECT, call -> receive()),
                api.route("DELETE", ONE, SERVICE_CONNECT, call -> {
                    queue.complete(call.parameter("lockToken"));
                    return HttpAnswer.empty(204);
                }),
                api.route("POST", ONE + "/abandon", SERVICE_CONNECT, call -> {
                    queue.abandon(call.parameter("lockToken"));
                    return HttpAnswer.empty(204);
                }));
    }

    private HttpAnswer receive() {
        return queue.next(MAX_RECORDS)
                .map(batch -> HttpAnswer.json(200, Json.array().addAll(batch.records()))
                        .with("Content-Type", MEDIA_TYPE)
                        .with("iothub-enqueuedtime", HttpTime.format(batch.enqueuedTime()))
                        .with("iothub-userid", hubName(names.primaryHost()))
                        .withETag(batch.lockToken()))
                .orElseGet(() -> HttpAnswer.empty(204));
    }

    /** The first label of a host name; an address is a name as a whole. */
    static String hubName(String host) {
        int dot = host.indexOf('.');
        boolean address = host.indexOf(':') >= 0 || host.chars().allMatch(c -> c == '.' || Character.isDigit(c));
        return dot < 0 || address ? host : host.substring(0, dot);
    }
}
