package io.hubwire.localhub.store.log;

import java.util.Arrays;

/**
 * A record in a log.
 *
 * @param sequence rises by one a record; damage leaves a gap
 * @param offset where it is in the log, in bytes; rises
 * @param millis when it was appended, since 1970; never falls
 * @param payload what it says; not copied, so leave it alone
 */
public record Record(long sequence, long offset, long millis, byte[] payload) {
    @Override
    public boolean equals(Object other) {
        return other instanceof Record r
                && sequence == r.sequence
                && offset == r.offset
                && millis == r.millis
                && Arrays.equals(payload, r.payload);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(sequence) * 31 + Arrays.hashCode(payload);
    }

    @Override
    public String toString() {
        return "Record[" + sequence + " at " + offset + ", " + payload.length + " bytes]";
    }
}
