package io.hubwire.events.amqp;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import org.apache.qpid.protonj2.buffer.ProtonBuffer;

/** What a connection wants to write: gathered over a turn of its engine, so that each turn is one write. */
final class OutputBuffer {
    private static final int INITIAL = 8 * 1024;
    /** A buffer that had to grow beyond this is let go again. */
    private static final int KEEP = 512 * 1024;

    private byte[] bytes = new byte[INITIAL];
    private int length;

    void append(ProtonBuffer frame) {
        int size = frame.getReadableBytes();
        if (bytes.length - length < size) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + size));
        }
        frame.copyInto(frame.getReadOffset(), bytes, length, size);
        length += size;
    }

    int size() {
        return length;
    }

    /** Writes what there is and is empty afterwards, also when writing failed. */
    void writeTo(OutputStream out) throws IOException {
        int size = length;
        length = 0;
        if (size > 0) {
            out.write(bytes, 0, size);
            out.flush();
            if (bytes.length > KEEP) {
                bytes = new byte[INITIAL];
            }
        }
    }
}
