package io.hubwire.events.amqp;

import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.TransportException;
import io.hubwire.protocol.http.AnswerHead;
import io.hubwire.protocol.websocket.WebSocketHandshake;
import java.util.random.RandomGenerator;

/** Turns a connection into a WebSocket for AMQP. Source: amqp 1, row WebSocket. */
final class WebSocketUpgrade {
    /** AMQP 1.0 with SASL, "binding" of the OASIS WebSocket draft; also without SASL. */
    private static final String SUBPROTOCOL = "AMQPWSB10";

    private final Route route;
    private final String path;
    private final WebSocketHandshake handshake;

    WebSocketUpgrade(Route route, String path, RandomGenerator random) {
        this.route = route;
        this.path = path;
        byte[] nonce = new byte[WebSocketHandshake.NONCE_BYTES];
        random.nextBytes(nonce);
        this.handshake = new WebSocketHandshake(route.authority(), path, SUBPROTOCOL, nonce);
    }

    byte[] request() {
        return handshake.request();
    }

    /**
     * @throws TransportException UNREACHABLE when the peer has no WebSocket there
     * @throws RemoteProtocolException when it agreed to something else
     */
    void check(AnswerHead answer) {
        if (answer.status() != WebSocketHandshake.SWITCHING_PROTOCOLS) {
            throw new TransportException(
                    ErrorCode.UNREACHABLE,
                    route.described() + ": [" + path + "] was answered with status " + answer.status() + "; wanted is "
                            + WebSocketHandshake.SWITCHING_PROTOCOLS);
        }
        try {
            handshake.check(
                    answer.header("sec-websocket-accept").orElse(""),
                    answer.header("sec-websocket-protocol").orElse(""));
        } catch (RemoteProtocolException other) {
            throw new RemoteProtocolException(route.described() + ": " + other.getMessage(), other);
        }
    }
}
