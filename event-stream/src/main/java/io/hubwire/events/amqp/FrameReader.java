package io.hubwire.events.amqp;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads a connection in runs of whole protocol headers and whole frames, however the network cut them. The engine would put
 * pieces together by itself, but protonj2 1.1.0 reads symbols from the wrong place when they lie behind the first piece.
 * Holds one frame and what was read with it. For one thread. Source: AMQP 1.0 part 2, 2.2 and 2.3.
 */
final class FrameReader {
    private static final int SIZE_FIELD = 4;
    /** Of a protocol header, and of the smallest frame. */
    private static final int HEADER = 8;
    /** How a protocol header begins, as the number a frame has for its size there. */
    private static final int AMQP = 'A' << 24 | 'M' << 16 | 'Q' << 8 | 'P';

    private final InputStream in;
    private final int maxFrame;
    private final byte[] buffer;
    private int filled;

    /** @param maxFrame bytes; what claims to be larger is handed on as it comes, for the engine to refuse */
    FrameReader(InputStream in, int maxFrame) {
        this.in = in;
        this.maxFrame = maxFrame;
        this.buffer = new byte[2 * maxFrame];
    }

    /** Waits for at least one header or frame. @return bytes that are the caller's; null when the stream has ended */
    byte @Nullable [] next() throws IOException {
        int whole = 0;
        while (whole == 0) {
            int read = in.read(buffer, filled, buffer.length - filled); // there is room: less than a frame is held
            if (read < 0) {
                return null;
            }
            filled += read;
            whole = endOfWhole();
        }
        byte[] run = Arrays.copyOf(buffer, whole);
        System.arraycopy(buffer, whole, buffer, 0, filled - whole);
        filled -= whole;
        return run;
    }

    private int endOfWhole() {
        int end = 0;
        while (filled - end >= SIZE_FIELD) {
            int size = numberAt(end);
            int unit = size == AMQP ? HEADER : size;
            if (unit < HEADER || unit > maxFrame) {
                return filled; // waiting would not make it a frame
            }
            if (unit > filled - end) {
                return end;
            }
            end += unit;
        }
        return end;
    }

    private int numberAt(int at) {
        return (buffer[at] & 0xff) << 24
                | (buffer[at + 1] & 0xff) << 16
                | (buffer[at + 2] & 0xff) << 8
                | buffer[at + 3] & 0xff;
    }
}
