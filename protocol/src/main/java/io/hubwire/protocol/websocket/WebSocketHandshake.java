package io.hubwire.protocol.websocket;

import io.hubwire.protocol.RemoteProtocolException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * The HTTP/1.1 exchange that turns a connection into a WebSocket, from the client's side. Source: RFC 6455 sections 1.3 and
 * 4.1.
 */
public final class WebSocketHandshake {
    /** The status with which a server agrees. */
    public static final int SWITCHING_PROTOCOLS = 101;
    /** What a key is made of. */
    public static final int NONCE_BYTES = 16;

    private static final String ACCEPT_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private final String authority;
    private final String path;
    private final String subprotocol;
    private final String key;

    /**
     * @param authority of the request: the host, with the port where it is not 443
     * @param subprotocol to agree on
     * @param nonce {@link #NONCE_BYTES} random bytes, never used before; copied
     */
    public WebSocketHandshake(String authority, String path, String subprotocol, byte[] nonce) {
        this.authority = authority;
        this.path = path;
        this.subprotocol = subprotocol;
        this.key = Base64.getEncoder().encodeToString(nonce);
    }

    /** What to send. */
    public byte[] request() {
        return ("GET " + path + " HTTP/1.1\r\nHost: " + authority
                        + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13"
                        + "\r\nSec-WebSocket-Protocol: " + subprotocol + "\r\nSec-WebSocket-Key: " + key + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Checks an answer with status {@link #SWITCHING_PROTOCOLS}.
     *
     * @param accepted its {@code Sec-WebSocket-Accept}, empty when it has none
     * @param chosen its {@code Sec-WebSocket-Protocol}, likewise
     * @throws RemoteProtocolException when the server agreed to something else
     */
    public void check(String accepted, String chosen) {
        if (!accepted.equals(accept(key))) {
            throw new RemoteProtocolException("Sec-WebSocket-Accept does not go with our key; RFC 6455 section 4.1");
        }
        if (!chosen.equals(subprotocol)) {
            throw new RemoteProtocolException(
                    "subprotocol [" + chosen + "] was chosen; wanted is " + subprotocol + "; RFC 6455 section 4.1");
        }
    }

    /** What a server must answer to a key. */
    static String accept(String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1")
                    .digest((key + ACCEPT_SUFFIX).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("this JDK has no SHA-1", impossible);
        }
    }
}
