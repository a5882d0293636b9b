package io.hubwire.events.amqp;

import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.websocket.BinaryMessages;
import io.hubwire.protocol.websocket.CloseReason;
import io.hubwire.protocol.websocket.FrameHead;
import io.hubwire.protocol.websocket.Opcode;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * Takes the bytes out of the frames that come, and answers pings. How the bytes were framed does not show: to AMQP the borders
 * mean nothing. For one thread.
 */
final class WebSocketInput extends InputStream {
    private final InputStream below;
    private final WebSocketOutput answers;
    private final BinaryMessages order = new BinaryMessages();
    /** Bytes of the frame begun that are still to be read. */
    private long left;

    private boolean ended;

    /** @param below buffered, as frame heads are read byte by byte */
    WebSocketInput(InputStream below, WebSocketOutput answers) {
        this.below = below;
        this.answers = answers;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /** @throws IOException also when the peer breaks RFC 6455, or closes with a reason */
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
        int count = below.read(target, offset, (int) Math.min(length, left));
        if (count < 0) {
            throw cutShort();
        }
        left -= count;
        return count;
    }

    private void nextFrame() throws IOException {
        int first = below.read();
        if (first < 0) {
            ended = true; // without Close, which AMQP can do without
            return;
        }
        try {
            begin(order.accept(head(first)));
        } catch (RemoteProtocolException broken) {
            throw new IOException(broken.getMessage(), broken);
        }
    }

    private FrameHead head(int first) throws IOException {
        int second = below.read();
        if (second < 0) {
            throw cutShort();
        }
        byte[] head = new byte[FrameHead.size(second)];
        head[0] = (byte) first;
        head[1] = (byte) second;
        if (below.readNBytes(head, 2, head.length - 2) < head.length - 2) {
            throw cutShort();
        }
        return FrameHead.parse(head);
    }

    private void begin(FrameHead frame) throws IOException {
        if (!frame.opcode().isControl()) {
            left = frame.length();
            return;
        }
        byte[] content = below.readNBytes((int) frame.length());
        if (content.length < frame.length()) {
            throw cutShort();
        }
        if (frame.opcode() == Opcode.PING) {
            answers.frame(Opcode.PONG, content, 0, content.length);
        } else if (frame.opcode() == Opcode.CLOSE) {
            ended = true;
            answers.close();
            CloseReason reason = CloseReason.parse(content);
            if (!reason.isNormal()) {
                throw new IOException("the peer closed the WebSocket with " + reason);
            }
        }
    }

    private static EOFException cutShort() {
        return new EOFException("the connection ended within a WebSocket frame");
    }
}
