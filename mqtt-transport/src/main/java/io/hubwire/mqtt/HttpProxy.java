package io.hubwire.mqtt;

import org.jspecify.annotations.Nullable;

/**
 * An HTTP proxy that connections are tunnelled through. It sees host name and port, nothing else.
 *
 * @param host of the proxy
 * @param port of the proxy, 1 to 65,535
 * @param user for Basic authentication; null when the proxy asks for none
 * @param password for Basic authentication; null for an empty one
 */
public record HttpProxy(
        String host,
        int port,
        @Nullable String user,
        @Nullable String password) {
    /** A proxy that asks for no password. */
    public static HttpProxy of(String host, int port) {
        return new HttpProxy(host, port, null, null);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "HttpProxy[" + (user == null ? "" : user + "@") + host + ":" + port + "]";
    }
}
