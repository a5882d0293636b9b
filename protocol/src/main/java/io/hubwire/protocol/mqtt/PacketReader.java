package io.hubwire.protocol.mqtt;

import io.hubwire.protocol.RemoteProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads the fields of one packet; a complaint names the packet and the byte, counted from 1. */
final class PacketReader {
    private final String packet;
    private final byte[] bytes;
    private int at;

    PacketReader(String packet, byte[] bytes, int start) {
        this.packet = packet;
        this.bytes = bytes;
        this.at = start;
    }

    boolean hasMore() {
        return at < bytes.length;
    }

    int oneByte(String field) {
        require(1, field);
        return bytes[at++] & 0xff;
    }

    int twoBytes(String field) {
        return oneByte(field) << 8 | oneByte(field);
    }

    /** A packet identifier, which is never 0. */
    int packetId() {
        int id = twoBytes("packet id");
        if (id == 0) {
            at -= 2;
            throw malformed("the packet id must not be 0");
        }
        return id;
    }

    byte[] binary(String field) {
        int length = twoBytes(field);
        require(length, field);
        at += length;
        return Arrays.copyOfRange(bytes, at - length, at);
    }

    String text(String field) {
        int start = at;
        byte[] utf8 = binary(field);
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8))
                    .toString();
            if (text.indexOf('\0') < 0) {
                return text;
            }
        } catch (CharacterCodingException e) {
            at = start;
            throw malformed("the " + field + " is not UTF-8");
        }
        at = start;
        throw malformed("the " + field + " must not contain U+0000");
    }

    byte[] rest() {
        byte[] rest = Arrays.copyOfRange(bytes, at, bytes.length);
        at = bytes.length;
        return rest;
    }

    void end() {
        if (hasMore()) {
            throw malformed((bytes.length - at) + " bytes too many");
        }
    }

    RemoteProtocolException malformed(String rule) {
        return new RemoteProtocolException(
                packet + " packet [" + bytes.length + " bytes] at byte " + (at + 1) + ": " + rule);
    }

    private void require(int length, String field) {
        if (bytes.length - at < length) {
            throw malformed("the packet ends within the " + field);
        }
    }
}
