package io.hubwire.protocol.websocket;

import io.hubwire.protocol.RemoteProtocolException;
import java.nio.charset.StandardCharsets;

/**
 * Why a WebSocket was closed. Source: RFC 6455 sections 5.5.1 and 7.4.
 *
 * @param code 0 to 65535; {@link #NO_STATUS} when none was given
 * @param text for humans, may be empty
 */
public record CloseReason(int code, String text) {
    /** The purpose of the connection is fulfilled. */
    public static final int NORMAL = 1000;
    /** Stands for a Close without a code; never sent. */
    public static final int NO_STATUS = 1005;

    /** The payload of a Close that says {@link #NORMAL}. */
    public static byte[] normal() {
        return new byte[] {NORMAL >> 8, (byte) NORMAL};
    }

    /** @throws RemoteProtocolException when the payload ends within the code */
    public static CloseReason parse(byte[] payload) {
        if (payload.length == 0) {
            return new CloseReason(NO_STATUS, "");
        }
        if (payload.length == 1) {
            throw FrameHead.broken("Close with half a code");
        }
        return new CloseReason(
                (payload[0] & 0xff) << 8 | payload[1] & 0xff,
                new String(payload, 2, payload.length - 2, StandardCharsets.UTF_8));
    }

    /** Whether nothing went wrong. */
    public boolean isNormal() {
        return code == NORMAL || code == NO_STATUS;
    }

    /** {@code 1008 [busy]}, on one line. */
    @Override
    public String toString() {
        StringBuilder line = new StringBuilder().append(code).append(" [");
        text.chars().forEach(c -> line.append(Character.isISOControl(c) ? '?' : (char) c));
        return line.append(']').toString();
    }
}
