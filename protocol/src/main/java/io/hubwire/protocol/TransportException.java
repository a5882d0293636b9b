package io.hubwire.protocol;

import org.jspecify.annotations.Nullable;

/** The way to the peer failed: name, port, TLS, time-out, lost connection. The code says which. */
public final class TransportException extends HubwireException {
    private static final long serialVersionUID = 1L;

    public TransportException(ErrorCode code, String message) {
        this(code, message, null);
    }

    public TransportException(ErrorCode code, String message, @Nullable Throwable cause) {
        super(code, message, cause);
    }
}
