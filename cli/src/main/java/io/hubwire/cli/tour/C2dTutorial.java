package io.hubwire.cli.tour;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.cli.output.MessageJson;
import io.hubwire.cli.tour.Narrator.Shown;
import io.hubwire.events.C2dSender;
import io.hubwire.events.FeedbackBatch;
import io.hubwire.events.FeedbackReceiver;
import io.hubwire.events.FeedbackRecord;
import io.hubwire.mqtt.DeviceClient;
import io.hubwire.mqtt.ReceivedMessage;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.SystemProperty;
import io.hubwire.protocol.TransportException;
import io.hubwire.protocol.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Tutorial 4: the back end sends to the device, asks for full acknowledgement, and reads the feedback. */
final class C2dTutorial {
    private static final int MESSAGES = 3;
    private static final int MOST_WAITING = 100;
    private static final Duration GLANCE = Duration.ofMillis(500);

    private final Stage stage;
    private final Narrator narrator;
    private final BlockingQueue<ReceivedMessage> received = new LinkedBlockingQueue<>(MOST_WAITING);
    private final Map<String, Message> sent = new LinkedHashMap<>();

    C2dTutorial(Stage stage, Narrator narrator) {
        this.stage = stage;
        this.narrator = narrator;
    }

    /** Subscribes; before the device connects, so that nothing the hub has kept goes by unseen. */
    void install(DeviceClient device) {
        device.onMessage(received::add);
    }

    void play() throws InterruptedException {
        narrator.step(Step.SEND_C2D, this::send);
        narrator.step(Step.RECEIVE_C2D, this::receive);
        narrator.step(Step.C2D_FEEDBACK, this::feedback);
    }

    private Shown send() {
        ObjectNode detail = Json.object();
        ArrayNode messages = detail.putArray("messages");
        try (C2dSender sender = C2dSender.open(stage.hub().connection(), stage.amqp())) {
            for (int i = 1; i <= MESSAGES; i++) {
                String id = stage.prefix() + "c2d-" + i;
                Message message = Message.builder("switch the light " + (i % 2 == 1 ? "on" : "off"))
                        .messageId(id)
                        .correlationId("light-" + i)
                        .system(SystemProperty.ACK, "full")
                        .property("room", "greenhouse")
                        .property("number", Integer.toString(i))
                        .build();
                sender.blocking().send(Identity.device(stage.deviceId()), message);
                sent.put(id, message);
                messages.addObject().put("messageId", id).put("accepted", true);
            }
        }
        return new Shown(MESSAGES + " messages queued by the hub, each with full acknowledgement asked for", detail);
    }

    private Shown receive() throws InterruptedException {
        ObjectNode detail = Json.object();
        ArrayNode messages = detail.putArray("asTheDeviceSawThem");
        for (int count = 1; count <= MESSAGES; count++) {
            ReceivedMessage message = received.poll(stage.patience().toMillis(), TimeUnit.MILLISECONDS);
            if (message == null) {
                throw new TransportException(
                        ErrorCode.TIMED_OUT,
                        "the device has received " + (count - 1) + " of " + MESSAGES + " messages in "
                                + stage.patience().toSeconds() + " s");
            }
            ObjectNode seen = MessageJson.of(message.message()).put("count", count);
            messages.add(seen);
            narrator.aside("message " + count + ": " + seen.path("body").asText() + "  " + seen.path("properties"));
        }
        return new Shown("the device received and acknowledged " + MESSAGES + " messages", detail);
    }

    private Shown feedback() {
        ObjectNode detail = Json.object();
        ArrayNode records = detail.putArray("records");
        Map<String, Message> missing = new LinkedHashMap<>(sent);
        Instant end = stage.clock().instant().plus(stage.patience());
        try (FeedbackReceiver receiver = FeedbackReceiver.open(stage.hub().connection(), stage.amqp())) {
            while (!missing.isEmpty()) {
                if (!stage.clock().instant().isBefore(end)) {
                    throw new TransportException(
                            ErrorCode.TIMED_OUT,
                            "no feedback for " + missing.keySet() + " in "
                                    + stage.patience().toSeconds() + " s");
                }
                Optional<FeedbackBatch> batch = receiver.next(GLANCE);
                if (batch.isPresent()) {
                    for (FeedbackRecord record : batch.get().records()) {
                        if (missing.remove(record.originalMessageId()) != null) {
                            records.addObject()
                                    .put("originalMessageId", record.originalMessageId())
                                    .put("deviceId", record.deviceId())
                                    .put("statusCode", record.statusCode())
                                    .put(
                                            "enqueuedTimeUtc",
                                            record.when().map(Instant::toString).orElse(null));
                        }
                    }
                    batch.get().complete();
                }
            }
        }
        for (var record : records) {
            if (!record.path("statusCode").asText().equals("Success")) {
                throw new IllegalStateException("feedback says " + record);
            }
        }
        return new Shown("the back end read feedback Success for all " + records.size(), detail);
    }
}
