package io.hubwire.cli.learn;

import io.hubwire.auth.TlsTrust;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.TransportException;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Collectors;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** The ground that clients stand on, looked at without them: name, ports, TLS, time. Each look waits five seconds at most. */
final class Reachability {
    private static final int PATIENCE_MILLIS = 5_000;
    /** A hub lets tokens be so much older than their end. Source: sas-auth 5. */
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(5);

    private final String host;
    private final TlsTrust trust;
    private final Clock clock;

    Reachability(String host, TlsTrust trust, Clock clock) {
        this.host = host;
        this.trust = trust;
        this.clock = clock;
    }

    String name() {
        try {
            return host + " is "
                    + Arrays.stream(InetAddress.getAllByName(host))
                            .map(InetAddress::getHostAddress)
                            .collect(Collectors.joining(", "));
        } catch (UnknownHostException e) {
            throw new TransportException(
                    ErrorCode.UNREACHABLE, "host [" + host + "] has no address; check its spelling", e);
        }
    }

    String port(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), PATIENCE_MILLIS);
            return "port " + port + " is open";
        } catch (IOException e) {
            throw new TransportException(
                    ErrorCode.UNREACHABLE, "port " + port + " of [" + host + "]: " + e.getMessage(), e);
        }
    }

    /** The certificate must lead to a root that is trusted, and carry the host's name. */
    String tls(int port) throws IOException {
        try (Socket plain = new Socket()) {
            plain.connect(new InetSocketAddress(host, port), PATIENCE_MILLIS);
            plain.setSoTimeout(PATIENCE_MILLIS);
            try (SSLSocket socket =
                    (SSLSocket) trust.context().getSocketFactory().createSocket(plain, host, port, true)) {
                SSLParameters parameters = socket.getSSLParameters();
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
                socket.setSSLParameters(parameters);
                socket.startHandshake();
                return socket.getSession().getProtocol() + ", certificate "
                        + describe(socket.getSession().getPeerCertificates()[0]);
            }
        } catch (SSLException e) {
            throw new TransportException(
                    ErrorCode.TLS_FAILED, "port " + port + " of [" + host + "]: " + e.getMessage(), e);
        }
    }

    private static String describe(Certificate certificate) {
        return certificate instanceof X509Certificate x509
                ? x509.getSubjectX500Principal().getName() + " until "
                        + x509.getNotAfter().toInstant()
                : certificate.getType();
    }

    /** Every HTTP answer tells the time, even a refusal. */
    String clock(int httpsPort) throws IOException {
        HttpURLConnection connection = (HttpURLConnection)
                URI.create("https://" + host + ":" + httpsPort + "/").toURL().openConnection();
        if (connection instanceof HttpsURLConnection secure) {
            secure.setSSLSocketFactory(trust.context().getSocketFactory());
        }
        connection.setConnectTimeout(PATIENCE_MILLIS);
        connection.setReadTimeout(PATIENCE_MILLIS);
        connection.setInstanceFollowRedirects(false);
        try {
            connection.getResponseCode();
            long date = connection.getHeaderFieldDate("Date", 0);
            if (date == 0) {
                return "the hub does not tell its time";
            }
            Duration difference = Duration.between(Instant.ofEpochMilli(date), clock.instant())
                    .abs();
            if (difference.compareTo(CLOCK_SKEW) > 0) {
                throw new TransportException(
                        ErrorCode.TOKEN_EXPIRED,
                        "this machine's clock and the hub's differ by " + TokenText.words(difference) + "; more than "
                                + CLOCK_SKEW.toMinutes() + " minutes make tokens worthless");
            }
            return "this machine's clock and the hub's differ by " + difference.toSeconds() + " s";
        } finally {
            connection.disconnect();
        }
    }
}
