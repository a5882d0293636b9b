package io.hubwire.auth;

import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.TransportException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP proxy that tunnels with CONNECT, and what is said to it. TLS runs through the tunnel from end to end: the proxy
 * sees host name and port, nothing else. Sources: RFC 9110 section 9.3.6, CONNECT; RFC 7617, Basic authentication.
 *
 * @param host name or address of the proxy
 * @param port 1 to 65,535
 * @param user for Basic authentication at the proxy, without a colon; null for none
 * @param password null exactly when {@code user} is
 */
public record HttpProxy(
        String host,
        int port,
        @Nullable String user,
        @Nullable String password) {
    private static final int MAX_PORT = 65_535;
    private static final int AUTHENTICATION_REQUIRED = 407;

    /** @throws IllegalArgumentException when a value is out of its range */
    public HttpProxy {
        if (port < 1 || port > MAX_PORT) {
            throw new IllegalArgumentException("proxy port [" + port + "] must be 1 to " + MAX_PORT);
        }
        if ((user == null) != (password == null)) {
            throw new IllegalArgumentException("a proxy's user and password come together");
        }
        if (user != null && user.indexOf(':') >= 0) {
            throw new IllegalArgumentException("proxy user [" + user + "] has a colon in it; RFC 7617 section 2");
        }
    }

    /** A proxy that asks for no password. */
    public static HttpProxy at(String host, int port) {
        return new HttpProxy(host, port, null, null);
    }

    /** Value of the header {@code Proxy-Authorization}, in UTF-8: a secret. Empty when there is no user. */
    public Optional<String> authorization() {
        byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return user == null
                ? Optional.empty()
                : Optional.of("Basic " + Base64.getEncoder().encodeToString(pair));
    }

    /**
     * The request that asks for a tunnel, up to and with the empty line: a secret when there is a user.
     *
     * @param targetHost name or address; the proxy looks it up
     * @param targetPort 1 to 65,535
     */
    public byte[] connectRequest(String targetHost, int targetPort) {
        String target = target(targetHost, targetPort);
        String credentials = authorization()
                .map(value -> "Proxy-Authorization: " + value + "\r\n")
                .orElse("");
        return ("CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n" + credentials + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * What the proxy's answer to {@link #connectRequest} means.
     *
     * @param status of the answer, 100 to 999
     * @return empty when the tunnel is open, which is any status from 200 to 299; otherwise {@code UNAUTHORIZED} when the
     *     proxy wants other credentials, {@code UNREACHABLE} when it does not connect us
     */
    public Optional<TransportException> refusal(int status, String targetHost, int targetPort) {
        if (status / 100 == 2) {
            return Optional.empty();
        }
        String answered = described() + " answered " + status + " to CONNECT [" + target(targetHost, targetPort) + "]";
        return Optional.of(
                status == AUTHENTICATION_REQUIRED
                        ? new TransportException(
                                ErrorCode.UNAUTHORIZED,
                                answered
                                        + (user == null
                                                ? ": it asks for a user and a password"
                                                : ": it does not accept this user and password"))
                        : new TransportException(ErrorCode.UNREACHABLE, answered));
    }

    /** For error texts: {@code proxy [host:port]}. */
    public String described() {
        return "proxy [" + host + ":" + port + "]";
    }

    private static String target(String host, int port) {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port; // an IPv6 address stands in brackets
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "HttpProxy[" + (user == null ? "" : user + "@") + host + ":" + port + "]";
    }
}
