package io.hubwire.mqtt.spool;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/** Records as bytes, see the package. Pure. */
final class SpoolRecords {
    /** Bytes before the content: length and checksum. */
    static final int HEADER = 8;
    /** Longest content: a message of 256 KB with a topic of 64 KB, and air. */
    static final int LONGEST = 512 * 1024;

    private static final byte MESSAGE = 1;
    private static final byte DONE = 2;
    private static final long NO_EXPIRY = Long.MIN_VALUE;
    private static final int FIXED = 1 + 8 + 8 + 2 + 4;

    /** What a record says: a message, or with null that the message of this number is done. */
    record Content(long sequence, @Nullable SpooledMessage message) {}

    private SpoolRecords() {}

    static byte[] message(SpooledMessage m) {
        String messageId = m.messageId();
        byte[] id = messageId == null ? new byte[0] : messageId.getBytes(StandardCharsets.UTF_8);
        byte[] topic = m.topic().getBytes(StandardCharsets.UTF_8);
        Instant expiry = m.expiry();
        byte[] record = new byte[HEADER + FIXED + id.length + topic.length + m.body().length];
        ByteBuffer out = ByteBuffer.wrap(record).position(HEADER);
        out.put(MESSAGE)
                .putLong(m.sequence())
                .putLong(expiry == null ? NO_EXPIRY : expiry.toEpochMilli())
                .putShort((short) (messageId == null ? -1 : id.length))
                .put(id)
                .putInt(topic.length)
                .put(topic)
                .put(m.body());
        return sealed(record);
    }

    static byte[] done(long sequence) {
        byte[] record = new byte[HEADER + 1 + 8];
        ByteBuffer.wrap(record).position(HEADER).put(DONE).putLong(sequence);
        return sealed(record);
    }

    private static byte[] sealed(byte[] record) {
        int length = record.length - HEADER;
        ByteBuffer.wrap(record).putInt(length).putInt(crc(record, HEADER, length));
        return record;
    }

    static int crc(byte[] bytes, int offset, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }

    /** Reads the content of a record whose checksum is right; null when it makes no sense all the same. */
    static @Nullable Content read(ByteBuffer in) {
        try {
            byte kind = in.get();
            long sequence = in.getLong();
            if (kind == DONE) {
                return new Content(sequence, null);
            }
            if (kind != MESSAGE) {
                return null;
            }
            long expiry = in.getLong();
            short idLength = in.getShort();
            String id = idLength < 0 ? null : text(in, idLength);
            String topic = text(in, in.getInt());
            byte[] body = new byte[in.remaining()];
            in.get(body);
            return new Content(
                    sequence,
                    new SpooledMessage(
                            sequence, id, expiry == NO_EXPIRY ? null : Instant.ofEpochMilli(expiry), topic, body));
        } catch (BufferUnderflowException | NegativeArraySizeException tooShort) {
            return null;
        }
    }

    private static String text(ByteBuffer in, int length) {
        if (length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
