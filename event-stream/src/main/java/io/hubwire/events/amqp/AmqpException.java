package io.hubwire.events.amqp;

import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The service refused over AMQP: a link, a message or a request. Source: amqp 6. */
public final class AmqpException extends HubwireException {
    private static final long serialVersionUID = 1L;

    private final String condition;
    private final transient Map<String, Object> info;

    /** @param message what was tried and what the service said; never a token */
    public AmqpException(
            ErrorCode code, String condition, String message, Map<String, Object> info, @Nullable Throwable cause) {
        super(code, message, cause);
        this.condition = condition;
        this.info = Map.copyOf(info);
    }

    /** The AMQP condition, such as {@code amqp:not-found}; empty when the peer gave none. */
    public String condition() {
        return condition;
    }

    /** What the service wants to be told when one asks its support. */
    public Optional<String> trackingId() {
        return Optional.ofNullable(info.get("com.microsoft:tracking-id")).map(Object::toString);
    }

    /** The error's info map: names to values as the AMQP types decode. */
    public Map<String, Object> info() {
        return info;
    }
}
