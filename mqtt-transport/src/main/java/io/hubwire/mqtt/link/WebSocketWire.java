package io.hubwire.mqtt.link;

import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.http.AnswerHead;
import io.hubwire.protocol.websocket.WebSocketHandshake;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * MQTT in WebSocket frames, over another wire. Sources: RFC 6455; MQTT 3.1.1 section 6: subprotocol {@code mqtt}, binary
 * frames, whose borders mean nothing.
 */
public final class WebSocketWire implements Wire {
    /** Where hubs serve it. Source: mqtt-device 7. */
    public static final String HUB_PATH = "/$iothub/websocket";

    private final Wire below;
    private final String host;
    private final RandomGenerator random;
    private volatile @Nullable WebSocketOutput output;
    private volatile @Nullable WebSocketInput input;

    /**
     * @param host of the request, with the port where it is not 443
     * @param random for the handshake's key and the masks of frames
     */
    public WebSocketWire(Wire below, String host, RandomGenerator random) {
        this.below = below;
        this.host = host;
        this.random = random;
    }

    @Override
    public void open() throws IOException {
        below.open();
        byte[] nonce = new byte[WebSocketHandshake.NONCE_BYTES];
        random.nextBytes(nonce);
        WebSocketHandshake handshake = new WebSocketHandshake(host, HUB_PATH, "mqtt", nonce);
        OutputStream out = below.output();
        out.write(handshake.request());
        out.flush();
        check(AnswerReader.read(below.input(), "[" + peer() + "]"), handshake);
        WebSocketOutput frames = new WebSocketOutput(out, random);
        output = frames;
        input = new WebSocketInput(below.input(), frames);
    }

    private static void check(AnswerHead answer, WebSocketHandshake handshake) throws RouteException {
        if (answer.status() != WebSocketHandshake.SWITCHING_PROTOCOLS) {
            throw new RouteException(
                    ErrorCode.UNREACHABLE, "WebSocket " + HUB_PATH + " was answered with status " + answer.status());
        }
        try {
            handshake.check(
                    answer.header("sec-websocket-accept").orElse(""),
                    answer.header("sec-websocket-protocol").orElse(""));
        } catch (RemoteProtocolException other) {
            throw new RouteException(
                    ErrorCode.MALFORMED_REPLY, "WebSocket " + HUB_PATH + ": " + other.getMessage(), other);
        }
    }

    @Override
    public InputStream input() throws IOException {
        return opened(input);
    }

    @Override
    public OutputStream output() throws IOException {
        return opened(output);
    }

    private static <T> T opened(@Nullable T stream) {
        if (stream == null) {
            throw new IllegalStateException("wire is not open");
        }
        return stream;
    }

    @Override
    public String peer() {
        return below.peer();
    }

    @Override
    public void close() {
        WebSocketOutput frames = output;
        if (frames != null) {
            frames.sayGoodbye();
        }
        below.close();
    }

    @Override
    public void abort() {
        below.abort();
    }
}
