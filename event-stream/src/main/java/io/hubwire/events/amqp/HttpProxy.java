package io.hubwire.events.amqp;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP proxy that connections are tunnelled through with CONNECT. TLS runs through it end to end: it sees host name and
 * port, nothing else.
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
    /** @throws IllegalArgumentException when a value is out of its range */
    public HttpProxy {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("proxy port [" + port + "] is not within 1 to 65535");
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

    /** Value of {@code Proxy-Authorization}: a secret. */
    Optional<String> credentials() {
        byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
        return user == null
                ? Optional.empty()
                : Optional.of("Basic " + Base64.getEncoder().encodeToString(pair));
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "HttpProxy[" + (user == null ? "" : user + "@") + host + ":" + port + "]";
    }
}
