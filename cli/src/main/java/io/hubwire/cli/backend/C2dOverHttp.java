package io.hubwire.cli.backend;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.cli.context.CliContext;
import io.hubwire.protocol.DeviceId;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.json.Json;
import io.hubwire.service.FeedbackBatch;
import io.hubwire.service.FeedbackRecord;
import io.hubwire.service.ServiceClient;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** C2D by the service's REST API; feedback by polling, since HTTP offers nothing else. */
final class C2dOverHttp implements C2dRoute {
    private static final long POLL_MILLIS = 200;

    private final CliContext context;
    private final ServiceClient service;
    private final CountDownLatch never = new CountDownLatch(1);

    C2dOverHttp(CliContext context) {
        this.context = context;
        this.service = context.clients().service();
    }

    @Override
    public void send(DeviceId device, Message message) {
        service.c2d().blocking().send(device, message);
    }

    @Override
    public int eachFeedback(int wanted, Duration patience, Consumer<ObjectNode> consumer) throws InterruptedException {
        Instant end = context.clock().instant().plus(patience);
        int seen = 0;
        while (seen < wanted) {
            Optional<FeedbackBatch> batch = service.c2d().blocking().receiveFeedback();
            if (batch.isPresent()) {
                for (FeedbackRecord record : batch.get().records()) {
                    consumer.accept(Json.parseObject("feedback", record.json()));
                    seen++;
                }
                service.c2d().blocking().completeFeedback(batch.get().lockToken());
            } else if (!pauseUntil(end)) {
                break;
            }
        }
        return seen;
    }

    @Override
    public Optional<ObjectNode> awaitFeedback(String messageId, Duration patience) throws InterruptedException {
        Instant end = context.clock().instant().plus(patience);
        while (true) {
            Optional<FeedbackBatch> batch = service.c2d().blocking().receiveFeedback();
            if (batch.isPresent()) {
                Optional<FeedbackRecord> ours = batch.get().records().stream()
                        .filter(record -> record.originalMessageId().equals(messageId))
                        .findFirst();
                if (ours.isPresent()) {
                    service.c2d().blocking().completeFeedback(batch.get().lockToken());
                    return ours.map(record -> Json.parseObject("feedback", record.json()));
                }
                service.c2d().blocking().abandonFeedback(batch.get().lockToken());
            }
            if (!pauseUntil(end)) {
                return Optional.empty();
            }
        }
    }

    /** Waits a moment. @return false when the time is up */
    private boolean pauseUntil(Instant end) throws InterruptedException {
        if (!context.clock().instant().isBefore(end)) {
            return false;
        }
        return !never.await(POLL_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        service.close();
    }
}
