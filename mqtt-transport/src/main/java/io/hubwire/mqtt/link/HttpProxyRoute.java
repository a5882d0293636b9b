package io.hubwire.mqtt.link;

import io.hubwire.auth.HttpProxy;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.TransportException;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;

/** Through an HTTP proxy's tunnel. */
public final class HttpProxyRoute implements TcpRoute {
    private final HttpProxy proxy;
    private final TcpRoute toProxy = TcpRoute.direct();

    public HttpProxyRoute(HttpProxy proxy) {
        this.proxy = proxy;
    }

    @Override
    public Socket connect(String host, int port, Duration timeout, Watch watch) throws IOException {
        Socket socket;
        try {
            socket = toProxy.connect(proxy.host(), proxy.port(), timeout, watch);
        } catch (IOException away) {
            throw new RouteException(
                    ErrorCode.UNREACHABLE, proxy.described() + " cannot be reached: " + away.getMessage(), away);
        }
        socket.setSoTimeout(TcpRoute.millis(timeout));
        socket.getOutputStream().write(proxy.connectRequest(host, port));
        int status =
                AnswerReader.read(socket.getInputStream(), proxy.described()).status();
        Optional<TransportException> refusal = proxy.refusal(status, host, port);
        if (refusal.isPresent()) {
            socket.close();
            throw new RouteException(refusal.get());
        }
        return socket;
    }
}
