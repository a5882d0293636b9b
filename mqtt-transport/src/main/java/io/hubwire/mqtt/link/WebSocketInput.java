package io.hubwire.mqtt.link;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * Takes the bytes out of the frames that come, and answers pings. Source: RFC 6455 section 5. A stream: how the bytes are
 * cut into frames does not show. One thread reads.
 */
final class WebSocketInput extends InputStream {
    private static final int CONTINUATION = 0;
    private static final int PING = 9;
    private static final int MOST_OF_CONTROL = 125;
    private static final int SHORT_LENGTH = 126;
    private static final int LONG_LENGTH = 127;

    private final InputStream up;
    private final WebSocketOutput answers;
    private long left;
    private boolean ended;

    WebSocketInput(InputStream up, WebSocketOutput answers) {
        this.up = up;
        this.answers = answers;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

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
        int count = up.read(target, offset, (int) Math.min(length, left));
        if (count > 0) {
            left -= count;
        }
        return count;
    }

    private void nextFrame() throws IOException {
        int first = up.read();
        if (first < 0) {
            ended = true;
            return;
        }
        int opcode = first & 0x0f;
        if ((first & 0x70) != 0) {
            throw new IOException("peer sent a WebSocket frame with reserved bits, though no extension was agreed on");
        }
        int second = required();
        if ((second & 0x80) != 0) {
            throw new IOException("peer sent a masked WebSocket frame; only clients mask");
        }
        long length = length(second & 0x7f);
        switch (opcode) {
            case CONTINUATION, WebSocketOutput.BINARY -> left = length;
            case PING -> answers.frame(WebSocketOutput.PONG, control(length), 0, (int) length);
            case WebSocketOutput.PONG -> control(length);
            case WebSocketOutput.CLOSE -> {
                control(length);
                answers.sayGoodbye();
                ended = true;
            }
            default ->
                throw new IOException("peer sent a WebSocket frame of kind " + opcode + "; MQTT comes in binary");
        }
    }

    private long length(int indication) throws IOException {
        int bytes = indication == SHORT_LENGTH ? 2 : indication == LONG_LENGTH ? 8 : 0;
        long length = bytes == 0 ? indication : 0;
        for (int i = 0; i < bytes; i++) {
            length = length << 8 | required();
        }
        if (length < 0) {
            throw new IOException("peer sent a WebSocket frame of negative length");
        }
        return length;
    }

    private byte[] control(long length) throws IOException {
        if (length > MOST_OF_CONTROL) {
            throw new IOException("peer sent a WebSocket control frame of " + length + " bytes; at most "
                    + MOST_OF_CONTROL + " are allowed");
        }
        byte[] content = up.readNBytes((int) length);
        if (content.length < length) {
            throw new EOFException();
        }
        return content;
    }

    private int required() throws IOException {
        int next = up.read();
        if (next < 0) {
            throw new EOFException();
        }
        return next;
    }
}
