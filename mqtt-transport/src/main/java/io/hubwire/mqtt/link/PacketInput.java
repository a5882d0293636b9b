package io.hubwire.mqtt.link;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CountDownLatch;

/**
 * The way in: buffers, so that many small packets cost one read, and looks at each packet's frame before Paho does. A
 * packet that is too long or of a kind no server sends breaks the connection here, with a clear text: Paho would try to
 * allocate what the header claims, and lose its thread to an unchecked exception.
 *
 * <p>Reading starts only when {@link #release} has been called, which is when CONNECT has been written: no server speaks
 * before that, and Paho 1.2.5 leaves its starting thread spinning for ever if its reader ends too early (issue 850).
 *
 * <p>One thread reads.
 */
public final class PacketInput extends InputStream {
    /** Longest packet taken: 256 KB of body, 64 KB of topic and some air. */
    static final int MAX_PACKET = 512 * 1024;

    private final InputStream up;
    private final PacketTap tap;
    private final CountDownLatch released = new CountDownLatch(1);
    private final byte[] buffer = new byte[8 * 1024];
    private final FrameScanner scanner;
    private int position;
    private int limit;

    public PacketInput(InputStream up, PacketTap tap) {
        this.up = up;
        this.tap = tap;
        this.scanner = new FrameScanner(MAX_PACKET);
    }

    /** Lets the reader read. */
    public void release() {
        released.countDown();
    }

    @Override
    public int read() throws IOException {
        return fill() ? buffer[position++] & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, limit - position);
        System.arraycopy(buffer, position, target, offset, count);
        position += count;
        return count;
    }

    /** Without asking the network: Paho asks before each packet and only uses the answer for show. */
    @Override
    public int available() {
        return limit - position;
    }

    @Override
    public void close() throws IOException {
        up.close();
    }

    private boolean fill() throws IOException {
        if (position < limit) {
            return true;
        }
        awaitRelease();
        tap.allTaken();
        int count = up.read(buffer, 0, buffer.length);
        if (count < 0) {
            return false;
        }
        position = 0;
        limit = count;
        scanner.scan(buffer, 0, count, tap);
        return true;
    }

    private void awaitRelease() throws IOException {
        try {
            released.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted before the first byte", stopped);
        }
    }
}
