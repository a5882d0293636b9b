package io.hubwire.localhub.store.log;

import io.hubwire.localhub.store.log.Frames.Found;
import java.util.ArrayList;
import java.util.List;

/**
 * What a segment's bytes hold, whatever has happened to them. Pure.
 *
 * @param end of what is whole; bytes from there on were being written when the writer stopped
 * @param damage stretches before {@code end} that are neither records nor torn
 * @param lastPosition of the last record, -1 when there is none
 */
record SegmentScan(int end, List<Stretch> damage, SparseIndex index, int records, int lastPosition) {
    /** Bytes from one position to before another. */
    record Stretch(int from, int to) {}

    SegmentScan {
        damage = List.copyOf(damage);
    }

    /** @param bytes of a segment whose header is whole */
    static SegmentScan of(byte[] bytes, long baseOffset) {
        List<Stretch> damage = new ArrayList<>();
        SparseIndex index = new SparseIndex(baseOffset);
        int records = 0;
        int last = -1;
        int at = Frames.HEADER_BYTES;
        while (at < bytes.length) {
            if (Frames.recordAt(bytes, at, bytes.length) == Found.WHOLE) {
                if (Frames.kind(bytes, at) == Frames.RECORD) {
                    index.add(Frames.sequence(bytes, at), at, Frames.millis(bytes, at));
                    last = at;
                    records++;
                }
                at += Frames.RECORD_BYTES + Frames.length(bytes, at);
                continue;
            }
            // what is left out must have room for a mark in its place
            int next = nextWhole(bytes, at + Frames.RECORD_BYTES);
            if (next < 0) {
                if (Frames.recordAt(bytes, at, bytes.length) == Found.DAMAGED) {
                    damage.add(new Stretch(at, bytes.length));
                }
                break;
            }
            damage.add(new Stretch(at, next));
            at = next;
        }
        return new SegmentScan(at, damage, index, records, last);
    }

    /** Whether the damage reaches the end: nothing behind it says where it stops. */
    boolean endsDamaged() {
        return !damage.isEmpty() && damage.get(damage.size() - 1).from() >= end;
    }

    private static int nextWhole(byte[] bytes, int from) {
        for (int at = from; at <= bytes.length - Frames.RECORD_BYTES; at++) {
            if (bytes[at] == 'H' && Frames.recordAt(bytes, at, bytes.length) == Found.WHOLE) {
                return at;
            }
        }
        return -1;
    }
}
