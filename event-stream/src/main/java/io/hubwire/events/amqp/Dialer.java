package io.hubwire.events.amqp;

import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.TransportException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** Opens sockets: TCP, then TLS with the server's name checked. */
final class Dialer {
    /** The socket to speak on, and the one below it, whose closing never waits for the peer. */
    record Line(Socket stream, Socket tcp) {}

    private Dialer() {}

    /**
     * Connects.
     *
     * @param name what the server's certificate must prove; sent as SNI
     * @param tls null for plain TCP
     * @param timeout for each of TCP and TLS
     * @throws TransportException UNREACHABLE, TIMED_OUT or TLS_FAILED, naming host and port
     */
    static Line dial(
            String host, String name, int port, @Nullable SSLContext tls, Duration timeout, Cancellation cancellation) {
        String where = "AMQP at [" + host + ":" + port + "]";
        Socket tcp = new Socket();
        try {
            int millis = Math.toIntExact(Math.min(timeout.toMillis(), Integer.MAX_VALUE));
            cancellation.watch(tcp);
            tcp.setTcpNoDelay(true);
            tcp.setKeepAlive(true);
            tcp.connect(new InetSocketAddress(host, port), millis);
            if (tls == null) {
                return new Line(tcp, tcp);
            }
            tcp.setSoTimeout(millis);
            SSLSocket secured = (SSLSocket) tls.getSocketFactory().createSocket(tcp, name, port, true);
            SSLParameters parameters = secured.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            secured.setSSLParameters(parameters);
            secured.startHandshake();
            tcp.setSoTimeout(0);
            return new Line(secured, tcp);
        } catch (SocketTimeoutException late) {
            throw failed(
                    tcp, ErrorCode.TIMED_OUT, where + " did not answer within " + timeout.toMillis() + " ms", late);
        } catch (UnknownHostException unknown) {
            throw failed(tcp, ErrorCode.UNREACHABLE, where + ": the name does not resolve", unknown);
        } catch (SSLException refused) {
            throw failed(
                    tcp,
                    ErrorCode.TLS_FAILED,
                    where + ": TLS failed: " + refused.getMessage() + "; is the server's CA trusted?",
                    refused);
        } catch (IOException refused) {
            throw failed(tcp, ErrorCode.UNREACHABLE, where + " cannot be reached: " + refused.getMessage(), refused);
        }
    }

    private static TransportException failed(Socket socket, ErrorCode code, String text, IOException cause) {
        try {
            socket.close();
        } catch (IOException alsoFailed) {
            cause.addSuppressed(alsoFailed);
        }
        return new TransportException(code, text, cause);
    }
}
