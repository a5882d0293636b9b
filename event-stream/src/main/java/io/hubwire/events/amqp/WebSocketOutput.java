package io.hubwire.events.amqp;

import java.io.IOException;
import java.io.OutputStream;
import java.util.random.RandomGenerator;

/**
 * Puts what is written into binary frames, masked as a client's must be. Source: RFC 6455 sections 5.2 and 5.3. The thread
 * that reads answers pings through here, too; hence the lock.
 */
final class WebSocketOutput extends OutputStream {
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PONG = 10;

    private static final int FINAL = 0x80;
    private static final int MASKED = 0x80;
    private static final int TWO_BYTE_LENGTH = 126;
    /** So that two bytes suffice for its length, and no server finds it too large. */
    private static final int MAX_PAYLOAD = 32 * 1024;

    private static final int MAX_HEAD = 8;
    private static final byte[] NORMAL_CLOSURE = {1000 >> 8, (byte) 1000};

    private final OutputStream below;
    private final RandomGenerator random;
    private boolean closed;

    WebSocketOutput(OutputStream below, RandomGenerator random) {
        this.below = below;
        this.random = random;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        for (int at = 0; at < length; at += MAX_PAYLOAD) {
            frame(BINARY, bytes, offset + at, Math.min(MAX_PAYLOAD, length - at));
        }
    }

    /** Sends one frame. @param length at most 32 KB */
    synchronized void frame(int opcode, byte[] payload, int offset, int length) throws IOException {
        if (closed) {
            throw new IOException("the WebSocket is closed");
        }
        byte[] frame = new byte[MAX_HEAD + length];
        int at = 0;
        frame[at++] = (byte) (FINAL | opcode);
        if (length < TWO_BYTE_LENGTH) {
            frame[at++] = (byte) (MASKED | length);
        } else {
            frame[at++] = (byte) (MASKED | TWO_BYTE_LENGTH);
            frame[at++] = (byte) (length >> 8);
            frame[at++] = (byte) length;
        }
        int mask = random.nextInt();
        int maskAt = at;
        for (int shift = 24; shift >= 0; shift -= 8) {
            frame[at++] = (byte) (mask >> shift);
        }
        for (int i = 0; i < length; i++) {
            frame[at++] = (byte) (payload[offset + i] ^ frame[maskAt + (i & 3)]);
        }
        below.write(frame, 0, at);
        below.flush();
    }

    /** Sends a Close frame, once; the connection below stays. */
    @Override
    public synchronized void close() throws IOException {
        if (!closed) {
            frame(CLOSE, NORMAL_CLOSURE, 0, NORMAL_CLOSURE.length);
            closed = true;
        }
    }
}
