package io.hubwire.mqtt;

import io.hubwire.mqtt.link.Publication;
import io.hubwire.protocol.ErrorCode;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A message on its way, from {@code send} to its end. Confined to the client's {@link Serial} once it is offered. */
final class OutgoingMessage implements Publication {
    private final String topic;
    private final byte[] body;
    private final @Nullable String messageId;
    private final long sentAt;
    private final long timeout;
    private final @Nullable Instant expiry;
    private final CompletableFuture<SendResult> outcome = new CompletableFuture<>();
    private int packetId;
    private long handedOverAt;
    private boolean ended;

    /**
     * @param sentAt nano time of {@code send}
     * @param timeout nanoseconds from {@code sentAt} to the message time-out
     * @param expiry the message's own, or null
     */
    OutgoingMessage(
            String topic,
            byte[] body,
            @Nullable String messageId,
            long sentAt,
            long timeout,
            @Nullable Instant expiry) {
        this.topic = topic;
        this.body = body;
        this.messageId = messageId;
        this.sentAt = sentAt;
        this.timeout = timeout;
        this.expiry = expiry;
    }

    @Override
    public String topic() {
        return topic;
    }

    @Override
    public byte[] body() {
        return body;
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
