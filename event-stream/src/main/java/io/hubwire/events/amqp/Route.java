package io.hubwire.events.amqp;

import io.hubwire.auth.HttpProxy;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * How bytes get to the service.
 *
 * @param host to connect to
 * @param port 1 to 65,535
 * @param hostname the service's name: in Open, in SASL, and what TLS must prove
 * @param tls null for plain TCP
 * @param webSocketPath where the service speaks AMQP over WebSocket, from the slash on; null for AMQP right on the socket
 * @param proxy to tunnel through; null for none
 */
public record Route(
        String host,
        int port,
        String hostname,
        @Nullable SSLContext tls,
        @Nullable String webSocketPath,
        @Nullable HttpProxy proxy) {
    /** For error texts: {@code AMQP at [host:port]} and what lies between. */
    String described() {
        return "AMQP at [" + host + ":" + port + "]" + (webSocketPath == null ? "" : " over WebSocket")
                + (proxy == null ? "" : " through the " + proxy.described());
    }

    /** As HTTP's {@code Host} wants it. */
    String authority() {
        return port == (tls == null ? 80 : 443) ? hostname : hostname + ":" + port;
    }
}
