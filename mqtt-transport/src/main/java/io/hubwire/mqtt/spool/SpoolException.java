package io.hubwire.mqtt.spool;

import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import org.jspecify.annotations.Nullable;

/** The spool cannot be used, or has no room. The message in question is not in it. */
public final class SpoolException extends HubwireException {
    private static final long serialVersionUID = 1L;

    SpoolException(ErrorCode code, String message, @Nullable Throwable cause) {
        super(code, message, cause);
    }
}
