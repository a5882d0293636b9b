package io.hubwire.mqtt.link;

import io.hubwire.protocol.trace.WireTrace;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one connection needs to know.
 *
 * @param clientId of CONNECT
 * @param userName of CONNECT
 * @param password of CONNECT; null for none, as with a client certificate
 * @param keepAlive whole seconds, 1 to 65,535
 * @param window most QoS 1 publications under way at once, 1 to 60,000
 * @param resend publications of an earlier connection that were never acknowledged, oldest first, each with its packet
 *     id; they go out first, with DUP=1 and the same id
 * @param will published by the peer when this connection ends without DISCONNECT; null for none
 * @param trace sees each packet
 */
public record LinkSettings(
        String clientId,
        String userName,
        @Nullable String password,
        Duration keepAlive,
        int window,
        List<? extends Publication> resend,
        @Nullable Will will,
        WireTrace trace) {
    /** Publications at QoS 0 (twin requests, method answers) that may wait for the network beside the window. */
    public static final int CONTROL_WINDOW = 64;

    public LinkSettings {
        resend = List.copyOf(resend);
    }

    /** Shows no password. */
    @Override
    public String toString() {
        return "LinkSettings[" + userName + ", keep-alive " + keepAlive.toSeconds() + " s, window " + window + "]";
    }
}
