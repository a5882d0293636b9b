package io.hubwire.protocol;

import org.jspecify.annotations.Nullable;

/** The other side broke the protocol: a topic, bag, body or packet that cannot be read. */
public final class RemoteProtocolException extends HubwireException {
    private static final long serialVersionUID = 1L;

    /** @param message what was read, the offending part in brackets, the position and the rule */
    public RemoteProtocolException(String message) {
        this(message, null);
    }

    public RemoteProtocolException(String message, @Nullable Throwable cause) {
        super(ErrorCode.MALFORMED_REPLY, message, cause);
    }
}
