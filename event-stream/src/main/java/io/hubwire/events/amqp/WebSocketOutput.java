package io.hubwire.events.amqp;

import io.hubwire.protocol.websocket.ClientFrame;
import io.hubwire.protocol.websocket.CloseReason;
import io.hubwire.protocol.websocket.Opcode;
import java.io.IOException;
import java.io.OutputStream;
import java.util.random.RandomGenerator;

/** Puts what is written into binary frames. The thread that reads answers pings through here, too; hence the lock. */
final class WebSocketOutput extends OutputStream {
    /** So that no server finds a frame too large. */
    private static final int MAX_PAYLOAD = 32 * 1024;

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
            frame(Opcode.BINARY, bytes, offset + at, Math.min(MAX_PAYLOAD, length - at));
        }
    }

    /** Sends one frame. */
    synchronized void frame(Opcode opcode, byte[] payload, int offset, int length) throws IOException {
        if (closed) {
            throw new IOException("the WebSocket is closed");
        }
        below.write(ClientFrame.format(opcode, payload, offset, length, random.nextInt()));
        below.flush();
    }

    /** Sends a Close frame, once; the connection below stays. */
    @Override
    public synchronized void close() throws IOException {
        if (!closed) {
            byte[] normal = CloseReason.normal();
            frame(Opcode.CLOSE, normal, 0, normal.length);
            closed = true;
        }
    }
}
