package io.hubwire.mqtt.link;

import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.websocket.BinaryMessages;
import io.hubwire.protocol.websocket.CloseReason;
import io.hubwire.protocol.websocket.FrameHead;
import io.hubwire.protocol.websocket.Opcode;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/**
 * Takes the bytes out of the frames that come, and answers pings. A stream: how the bytes are cut into frames does not
 * show. One thread reads.
 */
final class WebSocketInput extends InputStream {
    private final InputStream up;
    private final WebSocketOutput answers;
    private final BinaryMessages order = new BinaryMessages();
    private long left;
    private boolean ended;

    WebSocketInput(InputStream up, WebSocketOutput answers) {
        this.up = up;
        this.answers = answers;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    /** @throws IOException also when the peer breaks RFC 6455; an {@link EOFException} when it closes with a reason */
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
        int count = up.read(target, offset, (int) Math.min(length, left));
        if (count > 0) {
            left -= count;
        }
        return count;
    }

    private void nextFrame() throws IOException {
        int first = up.read();
        if (first < 0) {
            ended = true;
            return;
        }
        try {
            begin(order.accept(head(first)));
        } catch (RemoteProtocolException broken) {
            throw new IOException(broken.getMessage(), broken);
        }
    }

    private FrameHead head(int first) throws IOException {
        int second = up.read();
        byte[] head = new byte[FrameHead.size(second)];
        head[0] = (byte) first;
        head[1] = (byte) second;
        if (second < 0 || up.readNBytes(head, 2, head.length - 2) < head.length - 2) {
            throw new EOFException();
        }
        return FrameHead.parse(head);
    }

    private void begin(FrameHead frame) throws IOException {
        if (!frame.opcode().isControl()) {
            left = frame.length();
            return;
        }
        byte[] content = up.readNBytes((int) frame.length());
        if (content.length < frame.length()) {
            throw new EOFException();
        }
        if (frame.opcode() == Opcode.PING) {
            answers.frame(Opcode.PONG, content, 0, content.length);
        } else if (frame.opcode() == Opcode.CLOSE) {
            ended = true;
            answers.sayGoodbye();
            CloseReason reason = CloseReason.parse(content);
            if (!reason.isNormal()) {
                throw new EOFException("the peer closed the WebSocket with " + reason);
            }
        }
    }
}
