package io.hubwire.mqtt.link;

import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import java.io.IOException;

/** Something between us and the hub (a proxy, a front end) answered, but not as it should. */
public final class RouteException extends IOException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    RouteException(ErrorCode code, String message) {
        super(message);
        this.code = code;
    }

    /** As this refusal or breach, which it keeps as its cause. */
    RouteException(HubwireException refusal) {
        super(refusal.getMessage(), refusal);
        this.code = refusal.code();
    }

    RouteException(ErrorCode code, String message, Exception cause) {
        super(message, cause);
        this.code = code;
    }

    /** What it means for the connection. */
    public ErrorCode code() {
        return code;
    }
}
