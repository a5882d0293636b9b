package io.hubwire.mqtt.spool;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the sound records in the bytes of a segment, and what lies between them. Damage costs only the record that has it:
 * the next one is looked for where the damaged record claims to end, and failing that byte by byte. Pure.
 */
final class SegmentScan {
    /** Hears of each sound record. */
    interface Visitor {
        /**
         * @param at where the record begins, its header included
         * @param length of the record, its header included
         */
        void record(SpoolRecords.Content content, int at, int length);
    }

    /**
     * Bytes that are no record.
     *
     * @param tornOff whether this is the beginning of a record that was never finished, as the end of a process leaves it
     */
    record Gap(int at, int length, boolean tornOff) {}

    private final byte[] all;
    private final Visitor visitor;
    private final List<Gap> gaps = new ArrayList<>();

    private SegmentScan(byte[] all, Visitor visitor) {
        this.all = all;
        this.visitor = visitor;
    }

    /** Scans from {@code start} to the end. @return the gaps, in order */
    static List<Gap> scan(byte[] all, int start, Visitor visitor) {
        SegmentScan scan = new SegmentScan(all, visitor);
        scan.run(start);
        return List.copyOf(scan.gaps);
    }

    private void run(int start) {
        int at = start;
        while (at < all.length) {
            SpoolRecords.Content content = contentAt(at);
            if (content != null) {
                int length = SpoolRecords.HEADER + intAt(at);
                visitor.record(content, at, length);
                at += length;
            } else {
                int next = afterDamage(at);
                gaps.add(new Gap(at, next - at, next == all.length && isTornOff(at)));
                at = next;
            }
        }
    }

    private int afterDamage(int at) {
        if (all.length - at >= SpoolRecords.HEADER) {
            long claimed = (long) at + SpoolRecords.HEADER + intAt(at);
            if (claimed > at && claimed < all.length && contentAt((int) claimed) != null) {
                return (int) claimed;
            }
        }
        for (int next = at + 1; next < all.length; next++) {
            if (contentAt(next) != null) {
                return next;
            }
        }
        return all.length;
    }

    private boolean isTornOff(int at) {
        if (all.length - at < SpoolRecords.HEADER) {
            return true;
        }
        int length = intAt(at);
        return length > 0 && length <= SpoolRecords.LONGEST && length > all.length - at - SpoolRecords.HEADER;
    }

    private SpoolRecords.@Nullable Content contentAt(int at) {
        int start = at + SpoolRecords.HEADER;
        if (start >= all.length) {
            return null;
        }
        int length = intAt(at);
        boolean sound = length > 0
                && length <= SpoolRecords.LONGEST
                && length <= all.length - start
                && SpoolRecords.crc(all, start, length) == intAt(at + Integer.BYTES);
        return sound ? SpoolRecords.read(ByteBuffer.wrap(all, start, length)) : null;
    }

    private int intAt(int at) {
        return ByteBuffer.wrap(all).getInt(at);
    }
}
