package io.hubwire.events.amqp;

import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.TransportException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.random.RandomGenerator;

/**
 * The HTTP exchange that turns a connection into a WebSocket for AMQP. Sources: RFC 6455 sections 1.3 and 4.1; amqp 1, row
 * WebSocket.
 */
final class WebSocketHandshake {
    /** AMQP 1.0 with SASL, "binding" of the OASIS WebSocket draft; also without SASL. */
    private static final String SUBPROTOCOL = "AMQPWSB10";

    private static final String ACCEPT_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    private static final int SWITCHING_PROTOCOLS = 101;
    private static final int KEY_BYTES = 16;

    private final Route route;
    private final String path;
    private final String key;

    WebSocketHandshake(Route route, String path, RandomGenerator random) {
        this.route = route;
        this.path = path;
        byte[] nonce = new byte[KEY_BYTES];
        random.nextBytes(nonce);
        this.key = Base64.getEncoder().encodeToString(nonce);
    }

    byte[] request() {
        return ("GET " + path + " HTTP/1.1\r\nHost: " + route.authority()
                        + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13"
                        + "\r\nSec-WebSocket-Protocol: " + SUBPROTOCOL + "\r\nSec-WebSocket-Key: " + key + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * @throws TransportException UNREACHABLE when the peer has no WebSocket there
     * @throws RemoteProtocolException when it agreed to something else
     */
    void check(HttpAnswer answer) {
        if (answer.status() != SWITCHING_PROTOCOLS) {
            throw new TransportException(
                    ErrorCode.UNREACHABLE,
                    route.described() + ": [" + path + "] was answered with status " + answer.status() + "; wanted is "
                            + SWITCHING_PROTOCOLS);
        }
        if (!answer.header("sec-websocket-accept").equals(accept(key))) {
            throw new RemoteProtocolException(
                    route.described() + ": Sec-WebSocket-Accept does not go with our key; RFC 6455 section 4.1");
        }
        if (!answer.header("sec-websocket-protocol").equals(SUBPROTOCOL)) {
            throw new RemoteProtocolException(route.described() + ": subprotocol ["
                    + answer.header("sec-websocket-protocol") + "] was chosen; wanted is " + SUBPROTOCOL);
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
