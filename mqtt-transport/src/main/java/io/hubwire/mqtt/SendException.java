package io.hubwire.mqtt;

import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A message was not acknowledged. After {@link ErrorCode#TIMED_OUT}, {@link ErrorCode#CONNECTION_LOST} and {@link
 * ErrorCode#CANCELLED} the hub may have it nevertheless; after any other code it has not.
 */
public final class SendException extends HubwireException {
    private static final long serialVersionUID = 1L;

    private final @Nullable String messageId;

    public SendException(ErrorCode code, String message, @Nullable String messageId, @Nullable Throwable cause) {
        super(code, message, cause);
        this.messageId = messageId;
    }

    /** The message's id, if it had one. */
    public Optional<String> messageId() {
        return Optional.ofNullable(messageId);
    }
}
