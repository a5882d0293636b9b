package io.hubwire.localhub.https;

import static io.hubwire.localhub.engine.AccessControl.Right.SERVICE_CONNECT;

import io.hubwire.localhub.engine.FeedbackQueue;
import io.hubwire.protocol.http.HttpTime;
import java.util.List;

/**
 * Notices of uploaded files. A real hub offers them over AMQP only; the triple here is like the one for feedback. Source:
 * service-rest 13.5, open-questions 47.
 */
final class FileNotices implements Resource {
    private static final String ALL = "/messages/serviceBound/filenotifications";
    private static final String ONE = ALL + "/{lockToken}";
    private static final String MEDIA_TYPE = "application/vnd.microsoft.iothub.filenotification.json";

    private final FeedbackQueue queue;
    private final ServiceApi api;

    FileNotices(FeedbackQueue queue, ServiceApi api) {
        this.queue = queue;
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
        return queue.next(1)
                .map(batch -> HttpAnswer.json(200, batch.records().get(0))
                        .with("Content-Type", MEDIA_TYPE)
                        .with("iothub-enqueuedtime", HttpTime.format(batch.enqueuedTime()))
                        .withETag(batch.lockToken()))
                .orElseGet(() -> HttpAnswer.empty(204));
    }
}
