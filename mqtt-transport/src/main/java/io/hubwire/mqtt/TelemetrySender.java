package io.hubwire.mqtt;

import io.hubwire.mqtt.link.MqttLink;
import io.hubwire.mqtt.link.Publication;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Limits;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.WireTime;
import io.hubwire.protocol.mqtt.TelemetryTopic;
import io.hubwire.protocol.time.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends telemetry: checks each message, keeps it in the {@link Outbox} until the hub has acknowledged it, and sees to it
 * that each ends exactly once. {@link #send} is for any thread; everything else runs in the client's {@link Serial}.
 */
final class TelemetrySender {
    private static final Duration SHORTEST_SWEEP = Duration.ofMillis(10);
    private static final Duration LONGEST_SWEEP = Duration.ofSeconds(1);

    private final Identity identity;
    private final ClientOptions options;
    private final ClientEnvironment environment;
    private final Serial serial;
    private final Consumer<String> onOverdue;
    private final ClientMetrics metrics;
    private final Outbox outbox;
    private final Semaphore room;
    private final Duration sweepEvery;
    private @Nullable MqttLink link;
    private Timer.@Nullable Scheduled sweep;

    /** @param onOverdue told why when the hub has left a message unacknowledged for so long that the link must be bad */
    TelemetrySender(
            Identity identity,
            ClientOptions options,
            ClientEnvironment environment,
            Serial serial,
            Consumer<String> onOverdue) {
        this.identity = identity;
        this.options = options;
        this.environment = environment;
        this.serial = serial;
        this.onOverdue = onOverdue;
        this.metrics = options.metrics();
        this.outbox = new Outbox(options.window());
        this.room = new Semaphore(options.queueCapacity());
        this.sweepEvery = shorter(options.messageTimeout(), options.acknowledgementTimeout())
                .dividedBy(8);
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    SendStatus status() {
        return room.availablePermits() == options.queueCapacity() ? SendStatus.IDLE : SendStatus.BUSY;
    }

    CompletableFuture<SendResult> send(Message message) {
        long sentAt = environment.nanoTime().getAsLong();
        String topic;
        try {
            topic = TelemetryTopic.format(identity, message);
        } catch (HubwireException unfit) {
            return CompletableFuture.failedFuture(unfit);
        }
        Optional<SendException> unfit = violation(message, topic);
        if (unfit.isPresent()) {
            return CompletableFuture.failedFuture(unfit.get());
        }
        OutgoingMessage outgoing = new OutgoingMessage(
                topic,
                message.body(),
                message.messageId().orElse(null),
                sentAt,
                options.messageTimeout().toNanos(),
                message.expiry().flatMap(WireTime::parse).orElse(null));
        if (room.tryAcquire() || (options.overflow() == OverflowPolicy.WAIT && waitForRoom(outgoing))) {
            serial.execute(() -> add(outgoing));
        } else if (options.overflow() == OverflowPolicy.DROP_OLDEST) {
            serial.execute(() -> addInPlaceOfOldest(outgoing));
        } else if (!outgoing.ended()) {
            outgoing.failed(ErrorCode.QUEUE_FULL, "was not taken: " + full(), null);
        }
        return outgoing.outcome();
    }

    private Optional<SendException> violation(Message message, String topic) {
        String id = message.messageId().orElse(null);
        Optional<String> broken = Limits.telemetryViolation(message);
        if (broken.isPresent()) {
            ErrorCode code =
                    message.meteredSize() > Limits.TELEMETRY_BYTES ? ErrorCode.TOO_LARGE : ErrorCode.INVALID_ARGUMENT;
            return Optional.of(new SendException(code, broken.get(), null, null));
        }
        if (topic.length() > Limits.TOPIC_BYTES) { // it is all ASCII, so characters are bytes
            return Optional.of(new SendException(
                    ErrorCode.TOO_LARGE,
                    "the message's topic has " + topic.length() + " bytes with all properties; MQTT allows "
                            + Limits.TOPIC_BYTES,
                    id,
                    null));
        }
        String ids = identity.resource();
        if (ids.indexOf('#') >= 0 || ids.indexOf('+') >= 0) {
            return Optional.of(new SendException(
                    ErrorCode.INVALID_ARGUMENT,
                    "telemetry of [" + identity + "] cannot be sent over MQTT: a topic must not contain '#' or '+'",
                    id,
                    null));
        }
        return Optional.empty();
    }

    private boolean waitForRoom(OutgoingMessage message) {
        try {
            return room.tryAcquire(options.messageTimeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            message.failed(ErrorCode.CANCELLED, "was not taken: interrupted while waiting for room", stopped);
            return false;
        }
    }

    private String full() {
        return options.queueCapacity() + " messages are waiting already";
    }

    private void add(OutgoingMessage message) {
        metrics.sent();
        outbox.add(message);
        if (sweep == null) {
            scheduleSweep();
        }
        pump();
    }

    private void addInPlaceOfOldest(OutgoingMessage message) {
        OutgoingMessage oldest = outbox.dropOldestWaiting();
        if (oldest == null) {
            message.failed(ErrorCode.QUEUE_FULL, "was not taken: " + full() + ", all of them on their way", null);
            return;
        }
        oldest.failed(ErrorCode.QUEUE_FULL, "was dropped to make room for a newer one", null);
        add(message); // takes over the permit
    }

    /** Messages may go out on this link, and what was to be resent has gone out. */
    void start(MqttLink next) {
        long now = environment.nanoTime().getAsLong();
        outbox.underWay().forEach(m -> m.handedOverAt(now));
        link = next;
        pump();
    }

    /** No new messages. */
    void stop() {
        link = null;
    }

    void linkLost() {
        link = null;
        outbox.linkLost();
    }

    /** What the next link has to send first. */
    List<OutgoingMessage> resend() {
        List<OutgoingMessage> again = outbox.toResend();
        if (!again.isEmpty()) {
            metrics.resent(again.size());
        }
        return again;
    }

    boolean isDrained() {
        return outbox.underWayCount() == 0;
    }

    /** The hub has it. */
    void delivered(Publication publication) {
        if (publication instanceof OutgoingMessage message && outbox.delivered(message)) {
            if (!message.ended()) {
                room.release(); // first, so that who learns the outcome finds the sender idle
                metrics.acknowledged(message.acknowledged(environment.nanoTime().getAsLong()));
            }
            pump();
        }
    }

    /** The client is closed: nothing will be sent any more. */
    void close() {
        link = null;
        if (sweep != null) {
            sweep.cancel();
        }
        for (OutgoingMessage message : outbox.clear()) {
            end(message, ErrorCode.CANCELLED, "was not acknowledged before the client was closed");
        }
        metrics.queue(0, 0);
    }

    private void pump() {
        MqttLink to = link;
        if (to != null) {
            for (OutgoingMessage next = outbox.next(); next != null; next = outbox.next()) {
                next.handedOverAt(environment.nanoTime().getAsLong());
                to.publish(next);
            }
        }
        metrics.queue(outbox.waitingCount(), outbox.underWayCount());
    }

    private void scheduleSweep() {
        Duration delay = sweepEvery.compareTo(SHORTEST_SWEEP) < 0 ? SHORTEST_SWEEP : shorter(sweepEvery, LONGEST_SWEEP);
        sweep = environment.timer().schedule(delay, () -> serial.execute(this::sweep));
    }

    private void sweep() {
        sweep = null;
        long now = environment.nanoTime().getAsLong();
        for (OutgoingMessage late : outbox.timedOut(now)) {
            String where = late.packetId() > 0 ? "was sent and not acknowledged" : "could not be sent";
            end(
                    late,
                    ErrorCode.TIMED_OUT,
                    where + " within " + options.messageTimeout().toMillis() + " ms");
        }
        for (OutgoingMessage old : outbox.removeExpired(environment.clock().instant())) {
            end(old, ErrorCode.EXPIRED, "passed its own expiry before it could be sent");
        }
        OutgoingMessage oldest = outbox.oldestUnderWay();
        if (link != null
                && oldest != null
                && now - oldest.handedOverAt()
                        > options.acknowledgementTimeout().toNanos()) {
            onOverdue.accept("the hub has not acknowledged a message for "
                    + options.acknowledgementTimeout().toMillis() + " ms");
        }
        if (!outbox.isEmpty()) {
            scheduleSweep();
        }
        metrics.queue(outbox.waitingCount(), outbox.underWayCount());
    }

    private void end(OutgoingMessage message, ErrorCode code, String why) {
        if (!message.ended()) {
            room.release();
            message.failed(code, why, null);
            metrics.failed(code);
        }
    }
}
