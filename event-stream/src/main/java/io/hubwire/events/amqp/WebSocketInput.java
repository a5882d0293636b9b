package io.hubwire.events.amqp;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * Takes the bytes out of the frames that come, and answers pings. How the bytes were framed does not show: to AMQP the borders
 * mean nothing. For one thread. Source: RFC 6455 section 5.
 */
final class WebSocketInput extends InputStream {
    private static final int CONTINUATION = 0;
    private static final int PING = 9;
    private static final int FINAL = 0x80;
    private static final int RESERVED = 0x70;
    private static final int OPCODE = 0x0f;
    private static final int MASKED = 0x80;
    private static final int LENGTH = 0x7f;
    private static final int TWO_BYTE_LENGTH = 126;
    private static final int EIGHT_BYTE_LENGTH = 127;
    private static final int MAX_CONTROL = 125;
    private static final int NORMAL_CLOSURE = 1000;

    private final InputStream below;
    private final WebSocketOutput answers;
    /** Bytes of the frame begun that are still to be read. */
    private long left;

    private boolean messageGoesOn;
    private boolean ended;

    /** @param below buffered, as frame heads are read byte by byte */
    WebSocketInput(InputStream below, WebSocketOutput answers) {
        this.below = below;
        this.answers = answers;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /** @throws IOException also when the peer breaks RFC 6455, or closes with a reason */
    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (left == 0 && !ended) {
            nextFrame();
        }
        if (ended) {
            return -1;
        }
        int count = below.read(target, offset, (int) Math.min(length, left));
        if (count < 0) {
            throw new EOFException("the connection ended within a WebSocket frame");
        }
        left -= count;
        return count;
    }

    private void nextFrame() throws IOException {
        int first = below.read();
        if (first < 0) {
            ended = true; // without Close, which AMQP can do without
            return;
        }
        int opcode = first & OPCODE;
        boolean last = (first & FINAL) != 0;
        int second = required();
        if ((first & RESERVED) != 0 || (second & MASKED) != 0) {
            throw broken("frame that is masked or has reserved bits set");
        }
        long length = length(second & LENGTH);
        switch (opcode) {
            case CONTINUATION, WebSocketOutput.BINARY -> {
                if (messageGoesOn != (opcode == CONTINUATION)) {
                    throw broken(messageGoesOn ? "new message within a message" : "continuation of no message");
                }
                messageGoesOn = !last;
                left = length;
            }
            case PING -> {
                byte[] echo = control(last, length);
                answers.frame(WebSocketOutput.PONG, echo, 0, echo.length);
            }
            case WebSocketOutput.PONG -> control(last, length);
            case WebSocketOutput.CLOSE -> closed(control(last, length));
            default -> throw broken("frame of kind " + opcode + ", where AMQP comes in binary");
        }
    }

    private void closed(byte[] content) throws IOException {
        ended = true;
        answers.close();
        int code = content.length < 2 ? NORMAL_CLOSURE : (content[0] & 0xff) << 8 | content[1] & 0xff;
        if (code != NORMAL_CLOSURE) {
            String reason = new String(content, 2, content.length - 2, StandardCharsets.UTF_8);
            throw new IOException("the peer closed the WebSocket with " + code + " [" + reason + "]");
        }
    }

    private long length(int indication) throws IOException {
        if (indication < TWO_BYTE_LENGTH) {
            return indication;
        }
        long length = 0;
        for (int i = indication == EIGHT_BYTE_LENGTH ? 8 : 2; i > 0; i--) {
            length = length << 8 | required();
        }
        if (length < 0) {
            throw broken("frame of negative length");
        }
        return length;
    }

    private byte[] control(boolean last, long length) throws IOException {
        if (!last || length > MAX_CONTROL) {
            throw broken("control frame of " + length + " bytes or in fragments");
        }
        byte[] content = below.readNBytes((int) length);
        if (content.length < length) {
            throw new EOFException("the connection ended within a WebSocket frame");
        }
        return content;
    }

    private int required() throws IOException {
        int next = below.read();
        if (next < 0) {
            throw new EOFException("the connection ended within a WebSocket frame");
        }
        return next;
    }

    private static IOException broken(String what) {
        return new IOException("the peer sent a WebSocket " + what + "; RFC 6455 section 5");
    }
}
