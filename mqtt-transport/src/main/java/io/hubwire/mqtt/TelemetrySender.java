package io.hubwire.mqtt;

import io.hubwire.mqtt.link.MqttLink;
import io.hubwire.mqtt.link.Publication;
import io.hubwire.mqtt.spool.Spool;
import io.hubwire.mqtt.spool.SpoolException;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.WireTime;
import io.hubwire.protocol.time.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
    private final @Nullable Spool spool;
    private final List<RecoveredMessage> recovered;
    private int roomOwed;
    private boolean closed;
    private @Nullable MqttLink link;
    private Timer.@Nullable Scheduled sweep;

    /**
     * @param onOverdue told why when the hub has left a message unacknowledged for so long that the link must be bad
     * @throws SpoolException when the spool cannot be opened
     */
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
        SpoolFolder folder = options.spool();
        this.spool = folder == null ? null : Spool.open(folder.folder(), folder.maxBytes(), folder.synced());
        this.recovered = spool == null ? List.of() : recover(spool);
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }

    SendStatus status() {
        return room.availablePermits() == options.queueCapacity() ? SendStatus.IDLE : SendStatus.BUSY;
    }

    CompletableFuture<SendResult> send(Message message) {
        long sentAt = environment.nanoTime().getAsLong();
        String id = message.messageId().orElse(null);
        boolean hasRoom = takeRoom();
        if (!hasRoom && options.overflow() != OverflowPolicy.DROP_OLDEST) {
            return CompletableFuture.failedFuture(notTaken(id));
        }
        OutgoingMessage outgoing;
        try {
            outgoing = outgoing(message, id, TelemetryRules.topicOf(identity, message), sentAt);
        } catch (HubwireException unfit) {
            if (hasRoom) {
                room.release();
            }
            return CompletableFuture.failedFuture(unfit);
        }
        serial.execute(() -> {
            if (hasRoom) {
                add(outgoing);
            } else {
                addInPlaceOfOldest(outgoing);
            }
        });
        return outgoing.outcome();
    }

    private OutgoingMessage outgoing(Message message, @Nullable String id, String topic, long sentAt) {
        Instant expiry = message.expiry().flatMap(WireTime::parse).orElse(null);
        long timeout = options.messageTimeout().toNanos();
        return spool == null
                ? OutgoingMessage.inMemory(topic, message.body(), id, expiry, sentAt, timeout)
                : OutgoingMessage.spooled(
                        spool, spool.append(id, expiry, topic, message.body()), topic, id, expiry, sentAt, timeout);
    }

    private SendException notTaken(@Nullable String id) {
        String name = id == null ? "message" : "message [" + id + "]";
        return Thread.currentThread().isInterrupted()
                ? new SendException(
                        ErrorCode.CANCELLED, name + " was not taken: interrupted while waiting for room", id, null)
                : new SendException(ErrorCode.QUEUE_FULL, name + " was not taken: " + full(), id, null);
    }

    private boolean takeRoom() {
        if (room.tryAcquire()) {
            return true;
        }
        if (options.overflow() != OverflowPolicy.WAIT) {
            return false;
        }
        try {
            return room.tryAcquire(options.messageTimeout().toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** What an earlier run left in the spool, oldest first; it goes out before anything new. */
    List<RecoveredMessage> recovered() {
        return recovered;
    }

    private List<RecoveredMessage> recover(Spool from) {
        List<RecoveredMessage> found = new ArrayList<>();
        long now = environment.nanoTime().getAsLong();
        from.forEach(m -> {
            OutgoingMessage message = OutgoingMessage.spooled(
                    from,
                    m.sequence(),
                    m.topic(),
                    m.messageId(),
                    m.expiry(),
                    now,
                    options.messageTimeout().toNanos());
            takeRoomForRecovered();
            found.add(new RecoveredMessage(m.messageId(), message.outcome()));
            serial.execute(() -> add(message));
        });
        return List.copyOf(found);
    }

    /** They count, but are never refused. */
    private void takeRoomForRecovered() {
        if (!room.tryAcquire()) {
            roomOwed++;
        }
    }

    private void releaseRoom() {
        if (roomOwed > 0) {
            roomOwed--;
        } else {
            room.release();
        }
    }

    private String full() {
        return options.queueCapacity() + " messages are waiting already";
    }

    private void add(OutgoingMessage message) {
        if (closed) { // it was on its way here while the client was being closed
            releaseRoom();
            cancelled(message);
            return;
        }
        metrics.sent();
        outbox.add(message);
        if (sweep == null) {
            scheduleSweep();
        }
        pump();
    }

    private void addInPlaceOfOldest(OutgoingMessage message) {
        if (closed) {
            cancelled(message);
            return;
        }
        OutgoingMessage oldest = outbox.dropOldestWaiting();
        if (oldest == null) {
            message.forget();
            message.failed(ErrorCode.QUEUE_FULL, "was not taken: " + full() + ", all of them on their way", null);
            return;
        }
        oldest.forget();
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
                releaseRoom(); // first, so that who learns the outcome finds the sender idle
                message.forget();
                metrics.acknowledged(message.acknowledged(environment.nanoTime().getAsLong()));
            }
            pump();
        }
    }

    /** The client is closed: nothing will be sent any more. */
    void close() {
        link = null;
        closed = true;
        if (sweep != null) {
            sweep.cancel();
        }
        for (OutgoingMessage message : outbox.clear()) {
            if (!message.ended()) {
                releaseRoom();
                cancelled(message);
            }
        }
        if (spool != null) {
            spool.close();
        }
        metrics.queue(0, 0);
    }

    private void cancelled(OutgoingMessage message) {
        String left = spool == null ? "" : "; it stays in the spool";
        message.failed(ErrorCode.CANCELLED, "was not acknowledged before the client was closed" + left, null);
        metrics.failed(ErrorCode.CANCELLED);
    }

    private void pump() {
        MqttLink to = link;
        if (to != null) {
            for (OutgoingMessage next = outbox.next(); next != null; next = outbox.next()) {
                handOver(next, to);
            }
        }
        metrics.queue(outbox.waitingCount(), outbox.underWayCount());
    }

    private void handOver(OutgoingMessage message, MqttLink to) {
        try {
            message.load();
        } catch (SpoolException unreadable) {
            outbox.delivered(message);
            end(message, unreadable.code(), "could not be read from the spool", unreadable);
            return;
        }
        message.handedOverAt(environment.nanoTime().getAsLong());
        to.publish(message);
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
                    where + " within " + options.messageTimeout().toMillis() + " ms",
                    null);
        }
        for (OutgoingMessage old : outbox.removeExpired(environment.clock().instant())) {
            end(old, ErrorCode.EXPIRED, "passed its own expiry before it could be sent", null);
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

    /** For good: it leaves the spool too. */
    private void end(OutgoingMessage message, ErrorCode code, String why, @Nullable Throwable cause) {
        if (!message.ended()) {
            releaseRoom();
            message.forget();
            message.failed(code, why, cause);
            metrics.failed(code);
        }
    }
}
