package io.hubwire.localhub.https;

import static io.hubwire.localhub.engine.AccessControl.Right.SERVICE_CONNECT;

import io.hubwire.localhub.engine.FeedbackQueue;
import io.hubwire.localhub.engine.FeedbackQueue.Batch;
import io.hubwire.localhub.engine.HubNames;
import io.hubwire.protocol.http.HttpTime;
import io.hubwire.protocol.json.Json;
import java.util.List;
import java.util.function.Function;

/**
 * A queue for back ends: what is received is locked until it is completed or abandoned. Where the lock token is:
 * open-questions 47.
 */
final class ServiceboundQueue implements Resource {
    private static final int MAX_RECORDS = 64;

    private final String path;
    private final FeedbackQueue queue;
    private final int maxRecords;
    private final Function<Batch, HttpAnswer> answer;
    private final ServiceApi api;

    private ServiceboundQueue(
            String path, FeedbackQueue queue, int maxRecords, Function<Batch, HttpAnswer> answer, ServiceApi api) {
        this.path = path;
        this.queue = queue;
        this.maxRecords = maxRecords;
        this.answer = answer;
        this.api = api;
    }

    /** What became of cloud-to-device messages: an array of records. Source: service-rest 13.4. */
    static ServiceboundQueue feedback(FeedbackQueue queue, HubNames names, ServiceApi api) {
        return new ServiceboundQueue(
                "/messages/serviceBound/feedback",
                queue,
                MAX_RECORDS,
                batch -> HttpAnswer.json(200, Json.array().addAll(batch.records()))
                        .with("Content-Type", "application/vnd.microsoft.iothub.feedback.json")
                        .with("iothub-userid", names.hubName()),
                api);
    }

    /**
     * Notices of uploaded files, one at a time. A real hub offers them over AMQP only; the calls here are like those for
     * feedback. Source: service-rest 13.5.
     */
    static ServiceboundQueue fileNotices(FeedbackQueue queue, ServiceApi api) {
        return new ServiceboundQueue(
                "/messages/serviceBound/filenotifications",
                queue,
                1,
                batch -> HttpAnswer.json(200, batch.records().get(0))
                        .with("Content-Type", "application/vnd.microsoft.iothub.filenotification.json"),
                api);
    }

    @Override
    public List<Route> routes() {
        String one = path + "/{lockToken}";
        return List.of(
                api.route("GET", path, SERVICE_CONNECT, call -> receive()),
                api.route("DELETE", one, SERVICE_CONNECT, call -> {
                    queue.complete(call.parameter("lockToken"));
                    return HttpAnswer.empty(204);
                }),
                api.route("POST", one + "/abandon", SERVICE_CONNECT, call -> {
                    queue.abandon(call.parameter("lockToken"));
                    return HttpAnswer.empty(204);
                }));
    }

    private HttpAnswer receive() {
        return queue.next(maxRecords)
                .map(batch -> answer.apply(batch)
                        .with("iothub-enqueuedtime", HttpTime.format(batch.enqueuedTime()))
                        .withETag(batch.lockToken()))
                .orElseGet(() -> HttpAnswer.empty(204));
    }
}
