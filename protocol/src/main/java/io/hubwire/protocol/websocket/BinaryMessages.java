package io.hubwire.protocol.websocket;

import io.hubwire.protocol.RemoteProtocolException;

/** The order of frames where messages are binary; control frames may come in between. For one thread. Source: RFC 6455 section 5.4. */
public final class BinaryMessages {
    private boolean goesOn;

    /**
     * The next frame.
     *
     * @return the same
     * @throws RemoteProtocolException when it may not come here
     */
    public FrameHead accept(FrameHead frame) {
        if (frame.opcode() == Opcode.TEXT) {
            throw FrameHead.broken("text frame, where all messages are binary");
        }
        if (!frame.opcode().isControl()) {
            if (goesOn != (frame.opcode() == Opcode.CONTINUATION)) {
                throw FrameHead.broken(goesOn ? "new message within a message" : "continuation of no message");
            }
            goesOn = !frame.last();
        }
        return frame;
    }
}
