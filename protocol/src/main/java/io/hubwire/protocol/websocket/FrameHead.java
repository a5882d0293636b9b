package io.hubwire.protocol.websocket;

import io.hubwire.protocol.RemoteProtocolException;

/**
 * What stands before a frame's payload, as a server sends it: without a mask. Source: RFC 6455 section 5.2.
 *
 * @param last whether the message, or the control frame, ends with it
 * @param length of the payload in bytes, 0 or more; at most 125 in control frames
 */
public record FrameHead(Opcode opcode, boolean last, long length) {
    static final int MAX_CONTROL = 125;
    static final int TWO_BYTE_LENGTH = 126;
    static final int EIGHT_BYTE_LENGTH = 127;

    private static final int FINAL = 0x80;
    private static final int RESERVED = 0x70;
    private static final int OPCODE = 0x0f;
    private static final int MASKED = 0x80;
    private static final int LENGTH = 0x7f;

    /** How many bytes the head has whose second byte this is: 2, 4 or 10. */
    public static int size(int second) {
        return switch (second & LENGTH) {
            case TWO_BYTE_LENGTH -> 4;
            case EIGHT_BYTE_LENGTH -> 10;
            default -> 2;
        };
    }

    /**
     * Reads a head.
     *
     * @param head {@link #size} bytes
     * @throws RemoteProtocolException when no server may send it to a client that has agreed to no extension
     */
    public static FrameHead parse(byte[] head) {
        if ((head[0] & RESERVED) != 0 || (head[1] & MASKED) != 0) {
            throw broken("frame that is masked or has reserved bits set");
        }
        int number = head[0] & OPCODE;
        Opcode opcode = Opcode.of(number).orElseThrow(() -> broken("frame of the unknown kind " + number));
        boolean last = (head[0] & FINAL) != 0;
        long length = 0;
        for (int i = head.length == 2 ? 1 : 2; i < head.length; i++) {
            length = length << 8 | head[i] & 0xff;
        }
        if (length < 0) {
            throw broken("frame of negative length");
        }
        if (opcode.isControl() && (!last || length > MAX_CONTROL)) {
            throw broken("control frame of " + length + " bytes or in fragments");
        }
        return new FrameHead(opcode, last, length);
    }

    static RemoteProtocolException broken(String what) {
        return new RemoteProtocolException("the peer sent a WebSocket " + what + "; RFC 6455 section 5");
    }
}
