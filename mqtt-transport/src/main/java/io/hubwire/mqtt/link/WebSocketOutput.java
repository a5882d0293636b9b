package io.hubwire.mqtt.link;

import java.io.IOException;
import java.io.OutputStream;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts each write into one binary frame, masked as clients must. Source: RFC 6455 sections 5.2 and 5.3. The reader's
 * answers to pings go through here too, hence the lock.
 */
final class WebSocketOutput extends OutputStream {
    static final int BINARY = 2;
    static final int CLOSE = 8;
    static final int PONG = 10;

    private static final Logger log = LoggerFactory.getLogger(WebSocketOutput.class);
    private static final int FINAL = 0x80;
    private static final int MASKED = 0x80;
    private static final int SHORT_LENGTH = 126;
    private static final int LONG_LENGTH = 127;
    private static final byte[] NORMAL_CLOSURE = {3, (byte) 0xe8}; // 1000

    private final OutputStream down;
    private final RandomGenerator random;
    private boolean goodbyeSaid;

    WebSocketOutput(OutputStream down, RandomGenerator random) {
        this.down = down;
        this.random = random;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        frame(BINARY, bytes, offset, length);
    }

    /** One frame, out at once. */
    synchronized void frame(int opcode, byte[] bytes, int offset, int length) throws IOException {
        byte[] frame = new byte[14 + length];
        int at = 0;
        frame[at++] = (byte) (FINAL | opcode);
        if (length < SHORT_LENGTH) {
            frame[at++] = (byte) (MASKED | length);
        } else if (length <= 0xffff) {
            frame[at++] = (byte) (MASKED | SHORT_LENGTH);
            frame[at++] = (byte) (length >> 8);
            frame[at++] = (byte) length;
        } else {
            frame[at] = (byte) (MASKED | LONG_LENGTH);
            for (int shift = 24, i = at + 5; shift >= 0; shift -= 8, i++) {
                frame[i] = (byte) (length >> shift); // the upper four of eight bytes stay zero
            }
            at += 9;
        }
        int mask = random.nextInt();
        int maskAt = at;
        for (int shift = 24; shift >= 0; shift -= 8) {
            frame[at++] = (byte) (mask >> shift);
        }
        for (int i = 0; i < length; i++) {
            frame[at++] = (byte) (bytes[offset + i] ^ frame[maskAt + (i & 3)]);
        }
        down.write(frame, 0, at);
        down.flush();
    }

    /** Sends the closing frame, once. A link that is broken already does not mind. */
    void sayGoodbye() {
        synchronized (this) {
            if (goodbyeSaid) {
                return;
            }
            goodbyeSaid = true;
        }
        try {
            frame(CLOSE, NORMAL_CLOSURE, 0, NORMAL_CLOSURE.length);
        } catch (IOException broken) {
            log.trace("no closing frame on a broken link", broken);
        }
    }
}
