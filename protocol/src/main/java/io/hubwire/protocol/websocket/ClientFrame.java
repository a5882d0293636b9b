package io.hubwire.protocol.websocket;

/** What a client sends: whole messages, masked. Source: RFC 6455 sections 5.2 and 5.3. */
public final class ClientFrame {
    private static final int FINAL = 0x80;
    private static final int MASKED = 0x80;
    private static final int MASK_BYTES = 4;

    private ClientFrame() {}

    /**
     * A frame with its payload.
     *
     * @param payload stays as it is; of it {@code length} bytes from {@code offset}, at most 125 in control frames
     * @param mask from a source that the payload's author cannot foresee; each frame a new one
     */
    public static byte[] format(Opcode opcode, byte[] payload, int offset, int length, int mask) {
        int lengthBytes = length <= FrameHead.MAX_CONTROL ? 0 : length <= 0xffff ? 2 : 8;
        byte[] frame = new byte[2 + lengthBytes + MASK_BYTES + length];
        frame[0] = (byte) (FINAL | opcode.number());
        frame[1] = (byte) (MASKED
                | switch (lengthBytes) {
                    case 0 -> length;
                    case 2 -> FrameHead.TWO_BYTE_LENGTH;
                    default -> FrameHead.EIGHT_BYTE_LENGTH;
                });
        int at = 2;
        for (int left = lengthBytes; left > 0; left--) {
            frame[at++] = left > Integer.BYTES ? 0 : (byte) (length >> (8 * (left - 1)));
        }
        int maskAt = at;
        for (int shift = 24; shift >= 0; shift -= 8) {
            frame[at++] = (byte) (mask >> shift);
        }
        for (int i = 0; i < length; i++) {
            frame[at++] = (byte) (payload[offset + i] ^ frame[maskAt + (i & 3)]);
        }
        return frame;
    }
}
