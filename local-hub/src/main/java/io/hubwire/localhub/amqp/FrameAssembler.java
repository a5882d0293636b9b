package io.hubwire.localhub.amqp;

import java.util.Arrays;

/**
 * Cuts a stream of bytes into runs of whole protocol headers and whole frames, wherever the transport happened to cut it.
 * The engine could put frames together by itself, but protonj2 1.1.0 then reads symbols from the wrong place when they lie
 * behind the first piece. Holds at most one frame. Source: AMQP 1.0 part 2, 2.2 and 2.3.
 */
final class FrameAssembler {
    private static final int HEADER = 8;
    private static final int SIZE = 4;
    /** The first four bytes of a header, read as a frame's size: larger than any frame may be. */
    private static final int AMQP = 'A' << 24 | 'M' << 16 | 'Q' << 8 | 'P';

    private static final byte[] NOTHING = new byte[0];

    private final int maxFrame;
    private byte[] held = NOTHING;
    private int length;

    /** @param maxFrame bytes; what claims to be larger is handed on at once, for the engine to refuse */
    FrameAssembler(int maxFrame) {
        this.maxFrame = maxFrame;
    }

    /**
     * Takes what arrived.
     *
     * @param count how many of the bytes are meant
     * @return headers and frames that are now complete, in order; empty when there is none
     */
    byte[] add(byte[] bytes, int count) {
        if (held.length - length < count) {
            held = Arrays.copyOf(held, Math.max(length + count, 2 * length));
        }
        System.arraycopy(bytes, 0, held, length, count);
        length += count;
        int end = endOfWhole();
        if (end == 0) {
            return NOTHING;
        }
        byte[] whole = Arrays.copyOf(held, end);
        held = end == length ? NOTHING : Arrays.copyOfRange(held, end, length);
        length -= end;
        return whole;
    }

    private int endOfWhole() {
        int end = 0;
        while (length - end >= SIZE) {
            int size = size(held, end);
            int unit = size == AMQP ? HEADER : size;
            if (unit < HEADER || unit > maxFrame) {
                return length; // nothing to wait for
            }
            if (length - end < unit) {
                return end;
            }
            end += unit;
        }
        return end;
    }

    private static int size(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 24
                | (bytes[at + 1] & 0xff) << 16
                | (bytes[at + 2] & 0xff) << 8
                | bytes[at + 3] & 0xff;
    }
}
