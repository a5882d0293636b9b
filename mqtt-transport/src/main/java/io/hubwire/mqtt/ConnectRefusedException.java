package io.hubwire.mqtt;

import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The hub answered CONNECT with a refusal. MQTT 3.1.1 gives a number and no text; the text here is our reading of it. */
public final class ConnectRefusedException extends HubwireException {
    private static final long serialVersionUID = 1L;

    private final int returnCode;
    private final RefusalCause refusal;
    private final @Nullable Duration clockSkew;

    ConnectRefusedException(
            int returnCode, ErrorCode code, RefusalCause refusal, @Nullable Duration clockSkew, String message) {
        super(code, message, null);
        this.returnCode = returnCode;
        this.refusal = refusal;
        this.clockSkew = clockSkew;
    }

    /** The return code of CONNACK, 1 to 5. Source: MQTT 3.1.1 section 3.2.2.3; mqtt-device 1.6. */
    public int returnCode() {
        return returnCode;
    }

    /** Why, as far as it can be known. */
    public RefusalCause refusal() {
        return refusal;
    }

    /**
     * How far this clock is ahead of the hub's, negative when it is behind; exact to two seconds or so. Empty when it was
     * not measured, see {@link ClockCheck}.
     */
    public Optional<Duration> clockSkew() {
        return Optional.ofNullable(clockSkew);
    }
}
