package io.hubwire.mqtt.link;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Finds the packets in a stream of bytes, however they are cut: one byte of type and flags, one to four bytes of length,
 * then that many bytes. Source: MQTT 3.1.1 section 2.2. Not thread-safe.
 */
final class FrameScanner {
    private enum Part {
        TYPE,
        LENGTH,
        REST
    }

    private final int maxPacket;
    private Part part = Part.TYPE;
    private PacketType type = PacketType.RESERVED_0;
    private int length;
    private int lengthBytes;
    private int packetId;
    private @Nullable ByteArrayOutputStream copy;

    FrameScanner(int maxPacket) {
        this.maxPacket = maxPacket;
    }

    /**
     * Takes the next bytes from the peer and tells the tap of each packet that they complete.
     *
     * @throws IOException when they break the framing; the text says where and which rule
     */
    void scan(byte[] bytes, int offset, int count, PacketTap tap) throws IOException {
        int at = offset;
        int end = offset + count;
        while (at < end) {
            switch (part) {
                case TYPE -> startPacket(bytes[at], tap);
                case LENGTH -> lengthByte(bytes[at]);
                case REST -> {
                    int taken = Math.min(length, end - at);
                    keep(bytes, at, taken);
                    if (type == PacketType.PUBACK) {
                        for (int i = 0; i < taken; i++) { // two bytes; a longer one is for Paho to refuse
                            packetId = packetId << 8 | bytes[at + i] & 0xff;
                        }
                    }
                    length -= taken;
                    at += taken - 1;
                }
            }
            at++;
            if (part == Part.REST && length == 0) {
                part = Part.TYPE;
                tap.received(type, packetId, copy == null ? null : copy.toByteArray());
            }
        }
    }

    private void startPacket(byte first, PacketTap tap) throws IOException {
        type = PacketType.of(first);
        if (!type.fromServer()) {
            throw new IOException("peer sent a " + type + " packet (first byte 0x" + Integer.toHexString(first & 0xff)
                    + "), which no MQTT 3.1.1 server sends here");
        }
        if (type == PacketType.PUBLISH && (first & 0x06) > 0x02) {
            throw new IOException("peer sent a PUBLISH at QoS " + ((first & 0x06) >> 1) + "; at most 1 was granted");
        }
        copy = tap.wantsBytes() ? new ByteArrayOutputStream() : null;
        keep(new byte[] {first}, 0, 1);
        length = 0;
        lengthBytes = 0;
        packetId = 0;
        part = Part.LENGTH;
    }

    private void lengthByte(byte next) throws IOException {
        keep(new byte[] {next}, 0, 1);
        length |= (next & 0x7f) << (7 * lengthBytes);
        lengthBytes++;
        if (next < 0) {
            if (lengthBytes == 4) {
                throw new IOException("peer sent a " + type + " packet whose length has more than 4 bytes");
            }
            return;
        }
        if (length > maxPacket) {
            throw new IOException(
                    "peer sent a " + type + " packet of [" + length + "] bytes; the limit is " + maxPacket);
        }
        part = Part.REST;
    }

    private void keep(byte[] bytes, int offset, int count) {
        if (copy != null) {
            copy.write(bytes, offset, count);
        }
    }
}
