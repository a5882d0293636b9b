package io.hubwire.localhub.store.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** The bytes of headers and records, see the package's description. Pure. */
final class Frames {
    static final int HEADER_BYTES = 8 + 4 + 4 * 8 + 4;
    static final int RECORD_BYTES = 3 * 4 + 2 * 8;
    static final int RECORD = 0x48575245;
    static final int LOST = 0x48574c53;
    static final int VERSION = 1;
    /** Far above every message and document; what claims to be longer is damage. */
    static final int MAX_PAYLOAD = 64 << 20;

    private static final byte[] MAGIC = "HWIRELOG".getBytes(StandardCharsets.US_ASCII);
    private static final int LENGTH_AT = 4;
    private static final int CRC_AT = 8;
    private static final int SEQUENCE_AT = 12;
    private static final int MILLIS_AT = 20;

    private Frames() {}

    /** What a segment says of itself and of what was before it. */
    record Header(long firstSequence, long baseOffset, long previousOffset, long previousMillis) {
        byte[] bytes() {
            ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES);
            out.put(MAGIC).putInt(VERSION);
            out.putLong(firstSequence).putLong(baseOffset).putLong(previousOffset);
            out.putLong(previousMillis).putInt(crc(out.array(), 0, HEADER_BYTES - 4));
            return out.array();
        }
    }

    /** What was found where a header or a record should be. */
    enum Found {
        WHOLE,
        /** The file ends before it does, as when its writer was stopped. */
        TORN,
        /** These bytes were never written so. */
        DAMAGED,
        /** A header of a later version of this format. */
        NEWER
    }

    static Found header(byte[] file) {
        if (file.length < HEADER_BYTES) {
            return Found.TORN;
        }
        ByteBuffer in = ByteBuffer.wrap(file);
        byte[] magic = new byte[MAGIC.length];
        in.get(magic);
        if (!Arrays.equals(magic, MAGIC)) {
            return Found.DAMAGED;
        }
        int version = in.getInt();
        if (version > VERSION) {
            return Found.NEWER;
        }
        boolean whole = version == VERSION && in.getInt(HEADER_BYTES - 4) == crc(file, 0, HEADER_BYTES - 4);
        return whole ? Found.WHOLE : Found.DAMAGED;
    }

    /** Reads a header that is whole. */
    static Header readHeader(byte[] file) {
        ByteBuffer in = ByteBuffer.wrap(file).position(MAGIC.length + 4);
        return new Header(in.getLong(), in.getLong(), in.getLong(), in.getLong());
    }

    static byte[] record(int kind, long sequence, long millis, byte[] payload) {
        ByteBuffer out = ByteBuffer.allocate(RECORD_BYTES + payload.length);
        out.putInt(kind).putInt(payload.length).putInt(0);
        out.putLong(sequence).putLong(millis).put(payload);
        out.putInt(CRC_AT, recordCrc(out.array(), 0, payload.length));
        return out.array();
    }

    /**
     * Looks at the record that begins at {@code at}, which is before {@code end}.
     *
     * @param end of the bytes that count
     */
    static Found recordAt(byte[] bytes, int at, int end) {
        if (end - at < RECORD_BYTES) {
            return Found.TORN;
        }
        int kind = kind(bytes, at);
        int length = length(bytes, at);
        if ((kind != RECORD && kind != LOST) || length < 0 || length > MAX_PAYLOAD) {
            return Found.DAMAGED;
        }
        if (end - at - RECORD_BYTES < length) {
            return Found.TORN;
        }
        return recordCrc(bytes, at, length) == number(bytes, at + CRC_AT) ? Found.WHOLE : Found.DAMAGED;
    }

    static int kind(byte[] bytes, int at) {
        return number(bytes, at);
    }

    static int length(byte[] bytes, int at) {
        return number(bytes, at + LENGTH_AT);
    }

    static long sequence(byte[] bytes, int at) {
        return ByteBuffer.wrap(bytes).getLong(at + SEQUENCE_AT);
    }

    static long millis(byte[] bytes, int at) {
        return ByteBuffer.wrap(bytes).getLong(at + MILLIS_AT);
    }

    /** The length is summed too: a wrong one must not point at a right sum. */
    private static int recordCrc(byte[] bytes, int at, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, at + LENGTH_AT, 4);
        crc.update(bytes, at + SEQUENCE_AT, RECORD_BYTES - SEQUENCE_AT + length);
        return (int) crc.getValue();
    }

    private static int crc(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }

    private static int number(byte[] bytes, int at) {
        return (bytes[at] & 0xff) << 24
                | (bytes[at + 1] & 0xff) << 16
                | (bytes[at + 2] & 0xff) << 8
                | (bytes[at + 3] & 0xff);
    }
}
