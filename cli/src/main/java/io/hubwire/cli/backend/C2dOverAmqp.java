package io.hubwire.cli.backend;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.cli.connect.Targets.HubTarget;
import io.hubwire.cli.context.CliContext;
import io.hubwire.events.C2dSender;
import io.hubwire.events.FeedbackBatch;
import io.hubwire.events.FeedbackReceiver;
import io.hubwire.events.FeedbackRecord;
import io.hubwire.protocol.DeviceId;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** C2D by AMQP, the documented way: the hub pushes feedback as it comes. */
final class C2dOverAmqp implements C2dRoute {
    private static final Duration GLANCE = Duration.ofSeconds(1);

    private final CliContext context;
    private final HubTarget hub;
    private @Nullable C2dSender sender;
    private @Nullable FeedbackReceiver receiver;

    C2dOverAmqp(CliContext context) {
        this.context = context;
        this.hub = context.hub();
    }

    @Override
    public void send(DeviceId device, Message message) {
        C2dSender open = sender;
        if (open == null) {
            open = C2dSender.open(hub.connection(), context.clients().amqp(hub));
            sender = open;
        }
        open.blocking().send(new Identity(device, null), message);
    }

    @Override
    public int eachFeedback(int wanted, Duration patience, Consumer<ObjectNode> consumer) {
        Instant end = context.clock().instant().plus(patience);
        int seen = 0;
        while (seen < wanted) {
            Optional<FeedbackBatch> batch = receiver().next(until(end));
            if (batch.isPresent()) {
                for (FeedbackRecord record : batch.get().records()) {
                    consumer.accept(json(record));
                    seen++;
                }
                batch.get().complete();
            } else if (!context.clock().instant().isBefore(end)) {
                break;
            }
        }
        return seen;
    }

    @Override
    public Optional<ObjectNode> awaitFeedback(String messageId, Duration patience) {
        Instant end = context.clock().instant().plus(patience);
        while (context.clock().instant().isBefore(end)) {
            Optional<FeedbackBatch> batch = receiver().next(until(end));
            if (batch.isPresent()) {
                Optional<FeedbackRecord> ours = batch.get().records().stream()
                        .filter(record -> record.originalMessageId().equals(messageId))
                        .findFirst();
                if (ours.isPresent()) {
                    batch.get().complete();
                    return ours.map(C2dOverAmqp::json);
                }
                batch.get().abandon();
            }
        }
        return Optional.empty();
    }

    private FeedbackReceiver receiver() {
        FeedbackReceiver open = receiver;
        if (open == null) {
            open = FeedbackReceiver.open(hub.connection(), context.clients().amqp(hub));
            receiver = open;
        }
        return open;
    }

    private Duration until(Instant end) {
        Duration left = Duration.between(context.clock().instant(), end);
        return left.isNegative() ? Duration.ZERO : left.compareTo(GLANCE) < 0 ? left : GLANCE;
    }

    private static ObjectNode json(FeedbackRecord record) {
        return Json.object()
                .put("originalMessageId", record.originalMessageId())
                .put("deviceId", record.deviceId())
                .put("statusCode", record.statusCode())
                .put("description", record.description())
                .put("enqueuedTimeUtc", record.when().map(Instant::toString).orElse(null));
    }

    @Override
    public void close() {
        if (sender != null) {
            sender.close();
        }
        if (receiver != null) {
            receiver.close();
        }
    }
}
