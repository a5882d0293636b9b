package io.hubwire.localhub.store.log;

import java.util.Arrays;

/** Where in a segment some of its records are: the first, and one every few kilobytes. Not thread-safe. */
final class SparseIndex {
    private static final int EVERY_BYTES = 4_096;

    /** What an entry, or any record, can be looked for by. All three rise along the log. */
    interface Test {
        boolean passes(long sequence, long offset, long millis);
    }

    private final long baseOffset;
    private int size;
    private long[] sequences = new long[16];
    private int[] positions = new int[16];
    private long[] millis = new long[16];

    SparseIndex(long baseOffset) {
        this.baseOffset = baseOffset;
    }

    /** Tells of the next record; it is noted if the last noted one is far enough behind. */
    void add(long sequence, int position, long time) {
        if (size > 0 && position - positions[size - 1] < EVERY_BYTES) {
            return;
        }
        if (size == positions.length) {
            sequences = Arrays.copyOf(sequences, 2 * size);
            positions = Arrays.copyOf(positions, 2 * size);
            millis = Arrays.copyOf(millis, 2 * size);
        }
        sequences[size] = sequence;
        positions[size] = position;
        millis[size++] = time;
    }

    boolean isEmpty() {
        return size == 0;
    }

    /** Whether the segment's first record passes. */
    boolean firstPasses(Test test) {
        return passes(0, test);
    }

    /** The position of the last noted record that fails, or of the first one: the one sought is not before it. */
    int before(Test test) {
        int low = 0;
        int high = size;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (passes(middle, test)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return positions[Math.max(0, low - 1)];
    }

    private boolean passes(int entry, Test test) {
        return test.passes(sequences[entry], baseOffset + positions[entry] - Frames.HEADER_BYTES, millis[entry]);
    }
}
