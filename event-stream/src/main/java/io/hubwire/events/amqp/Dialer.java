package io.hubwire.events.amqp;

import io.hubwire.auth.HttpProxy;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.TransportException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** Opens wires, from below: TCP, a proxy's tunnel, TLS with the server's name checked, WebSocket. Blocks. */
final class Dialer {
    private final Route route;
    private final Duration timeout;
    private final Clock clock;
    private final RandomGenerator random;

    /**
     * @param timeout for each of TCP, proxy and WebSocket, and for each answer within TLS's handshake
     * @param random for WebSocket's key and masks
     */
    Dialer(Route route, Duration timeout, Clock clock, RandomGenerator random) {
        this.route = route;
        this.timeout = timeout;
        this.clock = clock;
        this.random = random;
    }

    /**
     * Connects.
     *
     * @throws TransportException UNREACHABLE, TIMED_OUT, TLS_FAILED or UNAUTHORIZED (by the proxy), naming host and port
     * @throws io.hubwire.protocol.RemoteProtocolException when proxy or WebSocket break HTTP
     */
    Wire dial(Cancellation cancellation) {
        Socket tcp = new Socket();
        boolean connected = false;
        try {
            cancellation.watch(tcp);
            Wire wire = connect(tcp);
            tcp.setSoTimeout(0);
            connected = true;
            return wire;
        } catch (SocketTimeoutException late) {
            throw failed(ErrorCode.TIMED_OUT, " did not answer within " + timeout.toMillis() + " ms", late);
        } catch (UnknownHostException unknown) {
            throw failed(ErrorCode.UNREACHABLE, ": the name does not resolve", unknown);
        } catch (SSLException refused) {
            throw failed(
                    ErrorCode.TLS_FAILED,
                    ": TLS failed: " + refused.getMessage() + "; is the server's CA trusted?",
                    refused);
        } catch (IOException refused) {
            throw failed(ErrorCode.UNREACHABLE, " cannot be reached: " + refused.getMessage(), refused);
        } finally {
            if (!connected) {
                Wire.close(tcp);
            }
        }
    }

    private Wire connect(Socket tcp) throws IOException {
        HttpProxy proxy = route.proxy();
        tcp.setTcpNoDelay(true);
        tcp.setKeepAlive(true);
        int millis = (int) Math.min(timeout.toMillis(), Integer.MAX_VALUE);
        if (proxy == null) {
            tcp.connect(new InetSocketAddress(route.host(), route.port()), millis);
        } else {
            tcp.connect(new InetSocketAddress(proxy.host(), proxy.port()), millis);
            tunnel(tcp, proxy);
        }
        tcp.setSoTimeout(millis);
        SSLContext tls = route.tls();
        Socket stream = tls == null ? tcp : secure(tls, tcp);
        String path = route.webSocketPath();
        return path == null
                ? new Wire(stream.getInputStream(), stream.getOutputStream(), tcp)
                : upgrade(stream, path, tcp);
    }

    /** Turns a connection to the proxy into one to the service. */
    private void tunnel(Socket tcp, HttpProxy proxy) throws IOException {
        Deadline deadline = new Deadline(clock, timeout);
        tcp.getOutputStream().write(proxy.connectRequest(route.host(), route.port()));
        int status = AnswerReader.read(tcp.getInputStream(), () -> deadline.limit(tcp), proxy.described())
                .status();
        Optional<TransportException> refusal = proxy.refusal(status, route.host(), route.port());
        if (refusal.isPresent()) {
            throw refusal.get();
        }
    }

    private Socket secure(SSLContext tls, Socket tcp) throws IOException {
        SSLSocket secured = (SSLSocket) tls.getSocketFactory().createSocket(tcp, route.hostname(), route.port(), true);
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        return secured;
    }

    private Wire upgrade(Socket stream, String path, Socket tcp) throws IOException {
        Deadline deadline = new Deadline(clock, timeout);
        WebSocketUpgrade upgrade = new WebSocketUpgrade(route, path, random);
        InputStream in = new BufferedInputStream(stream.getInputStream());
        stream.getOutputStream().write(upgrade.request());
        upgrade.check(AnswerReader.read(in, () -> deadline.limit(tcp), route.described()));
        WebSocketOutput out = new WebSocketOutput(stream.getOutputStream(), random);
        return new Wire(new WebSocketInput(in, out), out, tcp);
    }

    private TransportException failed(ErrorCode code, String what, IOException cause) {
        return new TransportException(code, route.described() + what, cause);
    }
}
