package io.hubwire.mqtt.link;

import io.hubwire.protocol.ErrorCode;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Through an HTTP proxy's tunnel. The proxy looks the peer's name up, and sees nothing of what passes. Source: RFC 9110
 * section 9.3.6, CONNECT; RFC 7617, Basic authentication.
 */
public final class HttpProxyRoute implements TcpRoute {
    private static final int OK = 200;
    private static final int AUTHENTICATION_REQUIRED = 407;

    private final String proxyHost;
    private final int proxyPort;
    private final @Nullable String authorization;
    private final TcpRoute toProxy;

    /** @param user null for a proxy that asks for none; sent in Basic authentication, with {@code password} */
    public HttpProxyRoute(String proxyHost, int proxyPort, @Nullable String user, @Nullable String password) {
        this.proxyHost = proxyHost;
        this.proxyPort = proxyPort;
        this.authorization = user == null
                ? null
                : Base64.getEncoder()
                        .encodeToString(
                                (user + ":" + (password == null ? "" : password)).getBytes(StandardCharsets.UTF_8));
        this.toProxy = TcpRoute.direct();
    }

    @Override
    public Socket connect(String host, int port, Duration timeout, Watch watch) throws IOException {
        Socket socket;
        try {
            socket = toProxy.connect(proxyHost, proxyPort, timeout, watch);
        } catch (IOException away) {
            throw new RouteException(
                    ErrorCode.UNREACHABLE, "proxy [" + name() + "] cannot be reached: " + away.getMessage(), away);
        }
        socket.setSoTimeout(TcpRoute.millis(timeout));
        String target = host + ":" + port;
        String request = "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n"
                + (authorization == null ? "" : "Proxy-Authorization: Basic " + authorization + "\r\n") + "\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        HttpHead answer = HttpHead.read(socket.getInputStream(), "proxy [" + name() + "]");
        if (answer.status() != OK) {
            socket.close();
            throw refused(answer.status());
        }
        return socket;
    }

    private RouteException refused(int status) {
        return status == AUTHENTICATION_REQUIRED
                ? new RouteException(
                        ErrorCode.UNAUTHORIZED,
                        "proxy [" + name() + "] answered 407: "
                                + (authorization == null
                                        ? "it asks for a user and a password"
                                        : "it does not accept this user and password"))
                : new RouteException(
                        ErrorCode.UNREACHABLE, "proxy [" + name() + "] answered " + status + " to CONNECT");
    }

    private String name() {
        return proxyHost + ":" + proxyPort;
    }
}
