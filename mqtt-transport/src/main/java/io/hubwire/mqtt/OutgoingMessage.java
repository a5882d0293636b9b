package io.hubwire.mqtt;

import io.hubwire.mqtt.link.Publication;
import io.hubwire.mqtt.spool.Spool;
import io.hubwire.mqtt.spool.SpoolException;
import io.hubwire.protocol.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A message on its way, from {@code send} to its end. Confined to the client's {@link Serial} once it is offered. */
final class OutgoingMessage implements Publication {
    /** Not in the spool. */
    private static final long NOT_SPOOLED = 0;

    private final String topic;
    private final @Nullable String messageId;
    private final long sentAt;
    private final long timeout;
    private final @Nullable Instant expiry;
    private final @Nullable Spool spool;
    private final long spoolSequence;
    private final CompletableFuture<SendResult> outcome = new CompletableFuture<>();
    private byte @Nullable [] body;
    private int packetId;
    private long handedOverAt;
    private boolean ended;

    private OutgoingMessage(
            String topic,
            @Nullable String messageId,
            @Nullable Instant expiry,
            long sentAt,
            long timeout,
            byte @Nullable [] body,
            @Nullable Spool spool,
            long spoolSequence) {
        this.topic = topic;
        this.messageId = messageId;
        this.expiry = expiry;
        this.sentAt = sentAt;
        this.timeout = timeout;
        this.body = body;
        this.spool = spool;
        this.spoolSequence = spoolSequence;
    }

    /**
     * A message that lives in memory.
     *
     * @param expiry the message's own, or null
     * @param sentAt nano time of {@code send}
     * @param timeout nanoseconds from {@code sentAt} to the message time-out
     */
    static OutgoingMessage inMemory(
            String topic,
            byte[] body,
            @Nullable String messageId,
            @Nullable Instant expiry,
            long sentAt,
            long timeout) {
        return new OutgoingMessage(topic, messageId, expiry, sentAt, timeout, body, null, NOT_SPOOLED);
    }

    /** A message that lies in the spool; its body is read when it is needed. */
    static OutgoingMessage spooled(
            Spool spool,
            long sequence,
            String topic,
            @Nullable String messageId,
            @Nullable Instant expiry,
            long sentAt,
            long timeout) {
        return new OutgoingMessage(topic, messageId, expiry, sentAt, timeout, null, spool, sequence);
    }

    @Override
    public String topic() {
        return topic;
    }

    /** Only after {@link #load}. */
    @Override
    public byte[] body() {
        return Objects.requireNonNull(body, "not loaded");
    }

    /**
     * Gets the body from the spool, if that is where it is.
     *
     * @throws SpoolException when the disk fails
     */
    void load() {
        if (body == null) {
            body = Objects.requireNonNull(spool).read(spoolSequence).body();
        }
    }

    /** Takes the message out of the spool, if it is in one: it is acknowledged, or given up for good. */
    void forget() {
        if (spool != null) {
            spool.remove(spoolSequence);
        }
    }

    @Nullable
    String messageId() {
        return messageId;
    }

    @Override
    public int qos() {
        return 1;
    }

    @Override
    public int packetId() {
        return packetId;
    }

    @Override
    public void packetId(int id) {
        packetId = id;
    }

    /** Completes in the serial; not for the application. */
    CompletableFuture<SendResult> outcome() {
        return outcome;
    }

    /** Nano time at which it was given to the present link. */
    long handedOverAt() {
        return handedOverAt;
    }

    void handedOverAt(long nanos) {
        handedOverAt = nanos;
    }

    boolean timedOut(long nanos) {
        return nanos - sentAt >= timeout;
    }

    boolean expired(Instant now) {
        return expiry != null && !now.isBefore(expiry);
    }

    /** Whether the outcome is known; it never changes again. */
    boolean ended() {
        return ended;
    }

    /** The hub has it. @return the time since {@code send} */
    Duration acknowledged(long nanos) {
        ended = true;
        Duration duration = Duration.ofNanos(nanos - sentAt);
        outcome.complete(new SendResult(messageId, duration));
        return duration;
    }

    /** It will not get there, or nobody knows. */
    void failed(ErrorCode code, String why, @Nullable Throwable cause) {
        ended = true;
        String name = messageId == null ? "message" : "message [" + messageId + "]";
        outcome.completeExceptionally(new SendException(code, name + " " + why, messageId, cause));
    }
}
