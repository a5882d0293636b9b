package io.hubwire.localhub.store.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.hubwire.localhub.store.log.SegmentScan.Stretch;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Files of the data folder, whatever a disk has made of them. How to fuzz for longer than the seeds: CONTRIBUTING.md. */
class SegmentFuzzTest {
    @MethodSource("files")
    @FuzzTest(maxDuration = "1m")
    void any_bytes_behind_a_header_are_records_damage_and_a_torn_end(byte[] bytes) {
        byte[] file = new byte[Frames.HEADER_BYTES + bytes.length];
        System.arraycopy(new Frames.Header(1, 0, -1, 0).bytes(), 0, file, 0, Frames.HEADER_BYTES);
        System.arraycopy(bytes, 0, file, Frames.HEADER_BYTES, bytes.length);
        assertThat(Frames.header(file)).isEqualTo(Frames.Found.WHOLE);
        SegmentScan scan = SegmentScan.of(file, 0);
        assertThat(scan.end()).isBetween(Frames.HEADER_BYTES, file.length);
        int before = Frames.HEADER_BYTES;
        for (Stretch stretch : scan.damage()) {
            assertThat(stretch.from()).isGreaterThanOrEqualTo(before);
            assertThat(stretch.to()).isGreaterThan(stretch.from()).isLessThanOrEqualTo(file.length);
            if (stretch.from() < scan.end()) {
                assertThat(stretch.to() - stretch.from())
                        .as("room for a mark in its place")
                        .isGreaterThanOrEqualTo(Frames.RECORD_BYTES);
            }
            before = stretch.to();
        }
        assertThat(scan.lastPosition() >= 0).isEqualTo(scan.records() > 0);
        // what is left is read the same again
        SegmentScan again = SegmentScan.of(mended(file, scan), 0);
        assertThat(again.damage()).isEmpty();
        assertThat(again.records()).isEqualTo(scan.records());
        assertThat(again.end()).isEqualTo(scan.end());
    }

    @MethodSource("headers")
    @FuzzTest(maxDuration = "1m")
    void any_bytes_are_a_header_or_not(byte[] file) {
        if (Frames.header(file) == Frames.Found.WHOLE) {
            assertThat(Frames.readHeader(file).bytes()).isEqualTo(Arrays.copyOf(file, Frames.HEADER_BYTES));
        }
    }

    /** As {@code Segment} mends it. */
    private static byte[] mended(byte[] file, SegmentScan scan) {
        byte[] mended = Arrays.copyOf(file, scan.end());
        for (Stretch stretch : scan.damage()) {
            if (stretch.from() < scan.end()) {
                byte[] mark = Frames.record(
                        Frames.LOST, -1, 0, new byte[stretch.to() - stretch.from() - Frames.RECORD_BYTES]);
                System.arraycopy(mark, 0, mended, stretch.from(), mark.length);
            }
        }
        return mended;
    }

    static Stream<byte[]> files() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(Frames.record(Frames.RECORD, 1, 5, new byte[] {1, 2, 3}));
        all.writeBytes(Frames.record(Frames.LOST, -1, 0, new byte[4]));
        all.writeBytes(Frames.record(Frames.RECORD, 2, 6, new byte[0]));
        byte[] whole = all.toByteArray();
        byte[] damaged = whole.clone();
        damaged[9] ^= 1;
        return Stream.of(new byte[0], whole, damaged, Arrays.copyOf(whole, whole.length - 2));
    }

    static Stream<byte[]> headers() {
        byte[] header = new Frames.Header(1, 2, 3, 4).bytes();
        return Stream.of(header, Arrays.copyOf(header, 11), new byte[0]);
    }
}
