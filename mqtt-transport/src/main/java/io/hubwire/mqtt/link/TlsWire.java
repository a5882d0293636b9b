package io.hubwire.mqtt.link;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * TLS over TCP. The JDK checks the server's certificate against the host name; SNI carries the name, since hubs choose
 * their certificate by it. Nagle's algorithm is off: what we write is already whole packets.
 *
 * <p>The TLS socket is layered over a TCP socket of our own, because closing a JDK TLS socket waits for a blocked writer,
 * and closing the TCP socket below does not.
 */
public final class TlsWire implements Wire {
    private static final Logger log = LoggerFactory.getLogger(TlsWire.class);

    private final String host;
    private final int port;
    private final SSLContext context;
    private final Duration connectTimeout;
    private final TcpRoute route;
    private volatile @Nullable Socket tcp;
    private volatile @Nullable SSLSocket tls;
    private volatile boolean aborted;

    /** @param connectTimeout for each address the name stands for, and for each read of the handshake */
    public TlsWire(String host, int port, SSLContext context, Duration connectTimeout, TcpRoute route) {
        this.host = host;
        this.port = port;
        this.context = context;
        this.connectTimeout = connectTimeout;
        this.route = route;
    }

    @Override
    public void open() throws IOException {
        Socket socket = route.connect(host, port, connectTimeout, this::beforeConnect);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TcpRoute.millis(connectTimeout));
        SSLSocket secured = (SSLSocket) context.getSocketFactory().createSocket(socket, host, port, true);
        tls = secured;
        SSLParameters parameters = secured.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        if (isName(host)) {
            parameters.setServerNames(List.of(new SNIHostName(host)));
        }
        secured.setSSLParameters(parameters);
        secured.startHandshake();
        socket.setSoTimeout(0);
    }

    private void beforeConnect(Socket socket) throws IOException {
        tcp = socket;
        if (aborted) {
            socket.close();
            throw new IOException("aborted");
        }
    }

    @Override
    public InputStream input() throws IOException {
        return opened().getInputStream();
    }

    @Override
    public OutputStream output() throws IOException {
        return opened().getOutputStream();
    }

    @Override
    public String peer() {
        return host + ":" + port;
    }

    private SSLSocket opened() {
        SSLSocket socket = tls;
        if (socket == null) {
            throw new IllegalStateException("wire is not open");
        }
        return socket;
    }

    @Override
    public void close() {
        SSLSocket socket = tls;
        if (socket != null) {
            closeQuietly(socket);
        }
        abort();
    }

    @Override
    public void abort() {
        aborted = true;
        Socket socket = tcp;
        if (socket != null) {
            closeQuietly(socket);
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException alreadyBroken) {
            log.trace("closing a socket that was broken already", alreadyBroken);
        }
    }

    /** Whether SNI may carry it; addresses may not stand there. Source: RFC 6066 section 3. */
    static boolean isName(String host) {
        return host.indexOf(':') < 0 && !host.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
    }
}
