package io.hubwire.mqtt.link;

import io.hubwire.protocol.websocket.ClientFrame;
import io.hubwire.protocol.websocket.CloseReason;
import io.hubwire.protocol.websocket.Opcode;
import java.io.IOException;
import java.io.OutputStream;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts each write into one binary frame. The reader's answers to pings go through here too, hence the lock. */
final class WebSocketOutput extends OutputStream {
    private static final Logger log = LoggerFactory.getLogger(WebSocketOutput.class);

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
        frame(Opcode.BINARY, bytes, offset, length);
    }

    /** One frame, out at once. */
    synchronized void frame(Opcode opcode, byte[] bytes, int offset, int length) throws IOException {
        down.write(ClientFrame.format(opcode, bytes, offset, length, random.nextInt()));
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
            byte[] normal = CloseReason.normal();
            frame(Opcode.CLOSE, normal, 0, normal.length);
        } catch (IOException broken) {
            log.trace("no closing frame on a broken link", broken);
        }
    }
}
