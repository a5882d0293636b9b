package io.hubwire.mqtt.link;

import io.hubwire.protocol.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * MQTT in WebSocket frames, over another wire. Sources: RFC 6455; MQTT 3.1.1 section 6: subprotocol {@code mqtt}, binary
 * frames, whose borders mean nothing.
 */
public final class WebSocketWire implements Wire {
    /** Where hubs serve it. Source: mqtt-device 7. */
    public static final String HUB_PATH = "/$iothub/websocket";

    private static final String ACCEPT_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455 section 1.3
    private static final int SWITCHING_PROTOCOLS = 101;

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
        byte[] nonce = new byte[16];
        random.nextBytes(nonce);
        String key = Base64.getEncoder().encodeToString(nonce);
        OutputStream out = below.output();
        out.write(("GET " + HUB_PATH + " HTTP/1.1\r\nHost: " + host
                        + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13"
                        + "\r\nSec-WebSocket-Protocol: mqtt\r\nSec-WebSocket-Key: " + key + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        out.flush();
        check(HttpHead.read(below.input(), "[" + peer() + "]"), key);
        WebSocketOutput frames = new WebSocketOutput(out, random);
        output = frames;
        input = new WebSocketInput(below.input(), frames);
    }

    private static void check(HttpHead answer, String key) throws RouteException {
        if (answer.status() != SWITCHING_PROTOCOLS) {
            throw new RouteException(
                    ErrorCode.UNREACHABLE, "WebSocket " + HUB_PATH + " was answered with status " + answer.status());
        }
        if (!answer.header("sec-websocket-accept").filter(accept(key)::equals).isPresent()
                || !answer.header("sec-websocket-protocol")
                        .filter("mqtt"::equals)
                        .isPresent()) {
            throw new RouteException(
                    ErrorCode.MALFORMED_REPLY,
                    "WebSocket " + HUB_PATH + " was accepted, but not for this key and MQTT");
        }
    }

    private static String accept(String key) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1")
                    .digest((key + ACCEPT_SUFFIX).getBytes(StandardCharsets.US_ASCII));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("this JDK has no SHA-1", impossible);
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
