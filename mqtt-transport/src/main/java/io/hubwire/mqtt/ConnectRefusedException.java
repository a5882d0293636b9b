package io.hubwire.mqtt;

import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;

/** The hub answered CONNECT with a refusal. MQTT 3.1.1 gives a number and no text; the text here is our reading of it. */
public final class ConnectRefusedException extends HubwireException {
    private static final long serialVersionUID = 1L;

    private final int returnCode;

    ConnectRefusedException(int returnCode, ErrorCode code, String message) {
        super(code, message, null);
        this.returnCode = returnCode;
    }

    /** The return code of CONNACK, 1 to 5. Source: MQTT 3.1.1 section 3.2.2.3; mqtt-device 1.6. */
    public int returnCode() {
        return returnCode;
    }
}
