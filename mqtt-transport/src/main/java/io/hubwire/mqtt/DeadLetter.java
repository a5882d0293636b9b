package io.hubwire.mqtt;

import io.hubwire.protocol.Message;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A message that the client takes out of the hub's queue although it was not handled: its handler failed too often, or its
 * properties cannot be read. Immutable.
 */
public final class DeadLetter {
    private final String topic;
    private final byte[] body;
    private final @Nullable Message message;
    private final Throwable cause;

    /** @param body belongs to this object from now on */
    DeadLetter(String topic, byte[] body, @Nullable Message message, Throwable cause) {
        this.topic = topic;
        this.body = body;
        this.message = message;
        this.cause = cause;
    }

    /** As it came. */
    public String topic() {
        return topic;
    }

    /** A copy of the body as it came. */
    public byte[] body() {
        return body.clone();
    }

    /** As read; empty when it could not be. */
    public Optional<Message> message() {
        return Optional.ofNullable(message);
    }

    /** The last failure. */
    public Throwable cause() {
        return cause;
    }

    /** Size and cause; topic and body stay out of logs. */
    @Override
    public String toString() {
        return "DeadLetter[" + body.length + " bytes, " + cause + "]";
    }
}
