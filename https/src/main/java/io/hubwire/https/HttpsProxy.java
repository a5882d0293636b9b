package io.hubwire.https;

import org.jspecify.annotations.Nullable;

/**
 * An HTTP proxy that tunnels with CONNECT. TLS runs through it end to end: it sees host and port, nothing else.
 *
 * @param host name or address of the proxy
 * @param port 1 to 65 535
 * @param user for basic authentication at the proxy, or null for none
 * @param password null exactly when {@code user} is
 */
public record HttpsProxy(
        String host,
        int port,
        @Nullable String user,
        @Nullable String password) {
    public HttpsProxy {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("proxy port [" + port + "] must be 1 to 65535");
        }
        if ((user == null) != (password == null)) {
            throw new IllegalArgumentException("a proxy's user and password come together");
        }
    }

    /** A proxy without authentication. */
    public static HttpsProxy at(String host, int port) {
        return new HttpsProxy(host, port, null, null);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "HttpsProxy[" + (user == null ? "" : user + "@") + host + ":" + port + "]";
    }
}
