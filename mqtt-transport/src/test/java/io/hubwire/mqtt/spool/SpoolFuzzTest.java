package io.hubwire.mqtt.spool;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** How to fuzz for longer than the seeds: CONTRIBUTING.md. */
class SpoolFuzzTest {
    private static final SpooledMessage MESSAGE = new SpooledMessage(
            7, "id", Instant.ofEpochMilli(1_900_000_000_000L), "devices/d/messages/events/", "{}".getBytes(UTF_8));

    @MethodSource("segments")
    @FuzzTest(maxDuration = "1m")
    void any_bytes_of_a_segment_are_records_and_gaps(byte[] bytes) {
        int[] next = {0};
        int[] inRecords = {0};
        List<SegmentScan.Gap> gaps = SegmentScan.scan(bytes, 0, (content, at, length) -> {
            assertThat(at).isGreaterThanOrEqualTo(next[0]);
            next[0] = at + length;
            inRecords[0] += length;
            assertThat(SpoolRecords.read(
                            ByteBuffer.wrap(bytes, at + SpoolRecords.HEADER, length - SpoolRecords.HEADER)))
                    .usingRecursiveComparison()
                    .isEqualTo(content);
        });
        int inGaps = gaps.stream().mapToInt(SegmentScan.Gap::length).sum();
        assertThat(inRecords[0] + inGaps).isEqualTo(bytes.length);
    }

    /** A fuzzer does not hit upon a checksum, so this one is given it. */
    @MethodSource("contents")
    @FuzzTest(maxDuration = "1m")
    void any_content_under_a_right_checksum_is_a_record_or_a_gap(byte[] content) {
        SpoolRecords.Content read = SpoolRecords.read(ByteBuffer.wrap(content));
        if (read != null && read.message() != null) {
            byte[] record = SpoolRecords.message(read.message());
            byte[] again = Arrays.copyOfRange(record, SpoolRecords.HEADER, record.length);
            assertThat(SpoolRecords.read(ByteBuffer.wrap(again)))
                    .usingRecursiveComparison()
                    .isEqualTo(read);
        }
    }

    static Stream<byte[]> segments() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(SpoolRecords.message(MESSAGE));
        all.writeBytes(SpoolRecords.done(7));
        all.writeBytes(new byte[20]);
        all.writeBytes(SpoolRecords.message(MESSAGE));
        byte[] whole = all.toByteArray();
        return Stream.of(new byte[0], whole, Arrays.copyOf(whole, whole.length - 3));
    }

    static Stream<byte[]> contents() {
        return Stream.of(
                        SpoolRecords.message(MESSAGE),
                        SpoolRecords.message(new SpooledMessage(-1, null, null, "", new byte[0])),
                        SpoolRecords.done(7))
                .map(record -> Arrays.copyOfRange(record, SpoolRecords.HEADER, record.length));
    }
}
