package io.hubwire.protocol.mqtt;

import io.hubwire.protocol.RemoteProtocolException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of bytes, which arrives in pieces of any size, into whole packets. Holds at most one incomplete packet.
 * Not thread-safe: one for each direction of a connection.
 */
public final class MqttPacketSplitter {
    /** Bytes of the largest packet taken: twice the largest message of a hub. */
    public static final int MAX_PACKET_BYTES = 512 * 1024;

    private byte[] buffer = new byte[1024];
    private int held;
    private @Nullable RemoteProtocolException lost;

    /**
     * Takes the next piece.
     *
     * @return the packets that are now complete, in order, fixed headers included
     * @throws RemoteProtocolException when a header announces more than {@value #MAX_PACKET_BYTES} bytes or cannot be
     *     read; the stream has lost its framing, and every later call throws the same. Packets completed by the same
     *     piece before that header are lost too
     */
    public List<byte[]> add(byte[] piece, int offset, int length) {
        if (lost != null) {
            throw lost;
        }
        if (buffer.length - held < length) {
            buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, held + length));
        }
        System.arraycopy(piece, offset, buffer, held, length);
        held += length;
        try {
            return takePackets();
        } catch (RemoteProtocolException e) {
            lost = e;
            throw e;
        }
    }

    private List<byte[]> takePackets() {
        List<byte[]> packets = new ArrayList<>();
        int from = 0;
        MqttFrame frame = frame(from);
        while (frame != null && frame.end() <= held) {
            packets.add(Arrays.copyOfRange(buffer, from, frame.end()));
            from = frame.end();
            frame = frame(from);
        }
        System.arraycopy(buffer, from, buffer, 0, held - from);
        held -= from;
        return packets;
    }

    /** As {@link #add(byte[], int, int)}, all of it. */
    public List<byte[]> add(byte[] piece) {
        return add(piece, 0, piece.length);
    }

    /** Bytes that wait for the rest of their packet. */
    public int heldBytes() {
        return held;
    }

    private @Nullable MqttFrame frame(int from) {
        MqttFrame frame = MqttFrame.read(buffer, from, held);
        if (frame != null && frame.end() - from > MAX_PACKET_BYTES) {
            throw new RemoteProtocolException(
                    "MQTT packet of " + (frame.end() - from) + " bytes; at most " + MAX_PACKET_BYTES + " are taken");
        }
        return frame;
    }
}
