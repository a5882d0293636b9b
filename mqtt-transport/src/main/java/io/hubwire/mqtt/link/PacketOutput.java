package io.hubwire.mqtt.link;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The way out: takes one packet between two {@link #flush}es, as Paho writes them, and sends several in one write where
 * more are known to follow. Paho flushes after each packet, which costs a system call and a TLS record each; the client
 * knows how many publications it has handed over, so the last of them flushes for all. Nothing waits for a timer: a
 * packet is held back only while another is certain to come.
 *
 * <p>One thread writes. {@link #announce} is for any thread.
 */
public final class PacketOutput extends OutputStream {
    /** What is worth one write: the payload of one TLS record. */
    private static final int ENOUGH = 16 * 1024;

    private final OutputStream down;
    private final PacketTap tap;
    private final Runnable onFirstWrite;
    private final AtomicInteger announced;
    private boolean firstWriteDone;
    private byte[] buffer = new byte[4 * 1024];
    private int packetStart;
    private int end;

    /**
     * @param announced publications that will come without {@link #announce}: those to be resent
     * @param onFirstWrite runs once, when CONNECT has been written or could not be
     */
    public PacketOutput(OutputStream down, PacketTap tap, int announced, Runnable onFirstWrite) {
        this.down = down;
        this.tap = tap;
        this.onFirstWrite = onFirstWrite;
        this.announced = new AtomicInteger(announced);
    }

    /** Says that one more PUBLISH is about to come. */
    public void announce() {
        announced.incrementAndGet();
    }

    @Override
    public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        if (buffer.length - end < length) {
            buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, end + length));
        }
        System.arraycopy(bytes, offset, buffer, end, length);
        end += length;
    }

    /** The packet is complete. */
    @Override
    public void flush() throws IOException {
        if (end == packetStart) {
            return;
        }
        PacketType type = PacketType.of(buffer[packetStart]);
        tap.sending(type, buffer, packetStart, end - packetStart);
        packetStart = end;
        int coming = type == PacketType.PUBLISH ? announced.decrementAndGet() : announced.get();
        // what is to be resent is announced before CONNECT, but only comes after CONNACK
        boolean moreToCome = coming > 0 && type != PacketType.CONNECT && type != PacketType.DISCONNECT;
        if (!moreToCome || end >= ENOUGH) {
            send();
        }
    }

    private void send() throws IOException {
        int length = end;
        end = 0;
        packetStart = 0;
        try {
            down.write(buffer, 0, length);
            down.flush();
        } finally {
            if (!firstWriteDone) {
                firstWriteDone = true;
                onFirstWrite.run();
            }
        }
        if (buffer.length > 4 * ENOUGH) {
            buffer = new byte[ENOUGH]; // one large message must not cost memory for ever
        }
    }

    @Override
    public void close() throws IOException {
        down.close();
    }
}
