package io.hubwire.events.amqp;

import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.TransportException;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Asks an HTTP proxy to connect us through. Sources: RFC 9110 section 9.3.6, CONNECT; RFC 7617, Basic authentication. */
final class ProxyTunnel {
    private static final int AUTHENTICATION_REQUIRED = 407;

    private ProxyTunnel() {}

    /**
     * Turns a connection to the proxy into one to {@code host} and {@code port}.
     *
     * @throws TransportException UNAUTHORIZED when the proxy wants other credentials, UNREACHABLE when it refuses
     */
    static void open(Socket toProxy, HttpProxy proxy, String host, int port, Deadline deadline) throws IOException {
        String target = (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
        String credentials = proxy.credentials()
                .map(value -> "Proxy-Authorization: " + value + "\r\n")
                .orElse("");
        String request = "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n" + credentials + "\r\n";
        toProxy.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        String who = "proxy [" + proxy.host() + ":" + proxy.port() + "]";
        int status = HttpAnswer.read(toProxy.getInputStream(), () -> deadline.limit(toProxy), who)
                .status();
        if (status == AUTHENTICATION_REQUIRED) {
            throw new TransportException(
                    ErrorCode.UNAUTHORIZED,
                    who + " answered 407 to CONNECT [" + target + "]: it "
                            + (proxy.user() == null
                                    ? "asks for a user and a password"
                                    : "does not accept this user and password"));
        }
        if (status / 100 != 2) {
            throw new TransportException(
                    ErrorCode.UNREACHABLE, who + " answered " + status + " to CONNECT [" + target + "]");
        }
    }
}
