package io.hubwire.localhub.engine;

import io.hubwire.localhub.engine.C2dQueue.End;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.SystemProperty;
import java.util.Locale;

/** Which ends of a message its sender wants to hear of, {@code iothub-ack}. Source: service-rest 13.4. */
enum AckKind {
    NONE,
    POSITIVE,
    NEGATIVE,
    FULL;

    /**
     * What the message asks for; {@link #NONE} if it says nothing.
     *
     * @throws HubException 400004 when {@code iothub-ack} is none of the four, in any case
     */
    static AckKind of(Message message) {
        String text = message.get(SystemProperty.ACK).orElse("");
        if (text.isEmpty()) {
            return NONE;
        }
        for (AckKind kind : values()) {
            if (kind.name().equals(text.toUpperCase(Locale.ROOT))) {
                return kind;
            }
        }
        throw new HubException(
                HubError.ARGUMENT_INVALID, "iothub-ack [" + text + "] must be none, positive, negative or full");
    }

    boolean wants(End end) {
        return switch (this) {
            case NONE -> false;
            case POSITIVE -> end == End.SUCCESS;
            case NEGATIVE -> end != End.SUCCESS;
            case FULL -> true;
        };
    }
}
