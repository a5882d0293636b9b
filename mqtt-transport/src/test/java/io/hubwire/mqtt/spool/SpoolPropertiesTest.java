package io.hubwire.mqtt.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Records of the spool: read as they were written, and found between whatever a disk has made of their neighbours. */
class SpoolPropertiesTest {
    @Property(tries = 500)
    void a_record_is_read_as_it_was_written(@ForAll("messages") SpooledMessage message) {
        byte[] record = SpoolRecords.message(message);
        List<SpooledMessage> found = scan(record).messages();
        assertThat(found).hasSize(1);
        assertThat(found.get(0)).usingRecursiveComparison().isEqualTo(message);
    }

    @Property(tries = 2000)
    void any_bytes_are_records_and_gaps_and_nothing_else(@ForAll @Size(max = 200) byte[] bytes) {
        Found found = scan(bytes);
        assertThat(found.covered()).isEqualTo(bytes.length);
    }

    @Property(tries = 500)
    void a_content_with_a_right_checksum_is_a_record_or_a_gap(@ForAll @Size(min = 1, max = 100) byte[] content) {
        byte[] record = ByteBuffer.allocate(SpoolRecords.HEADER + content.length)
                .putInt(content.length)
                .putInt(SpoolRecords.crc(content, 0, content.length))
                .put(content)
                .array();
        assertThat(scan(record).covered()).isEqualTo(record.length);
    }

    @Property(tries = 500)
    void damage_costs_no_record_but_those_it_is_in(
            @ForAll @Size(min = 1, max = 8) List<@From("messages") SpooledMessage> messages,
            @ForAll @IntRange(max = 100_000) int where,
            @ForAll @IntRange(min = 1, max = 40) int length,
            @ForAll byte by) {
        List<byte[]> records = messages.stream().map(SpoolRecords::message).toList();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        records.forEach(out::writeBytes);
        byte[] all = out.toByteArray();
        int from = where % all.length;
        int to = Math.min(all.length, from + length);
        for (int i = from; i < to; i++) {
            all[i] ^= by;
        }
        List<Long> untouched = new ArrayList<>();
        int at = 0;
        for (int i = 0; i < records.size(); i++) {
            int end = at + records.get(i).length;
            if (end <= from || at >= to) {
                untouched.add(messages.get(i).sequence());
            }
            at = end;
        }
        assertThat(scan(all).messages().stream().map(SpooledMessage::sequence)).containsAll(untouched);
    }

    @Provide
    Arbitrary<SpooledMessage> messages() {
        return Combinators.combine(
                        Arbitraries.longs(),
                        Arbitraries.strings().ofMaxLength(20).injectNull(0.3),
                        Arbitraries.longs().between(0, 4_000_000_000_000L).injectNull(0.5),
                        Arbitraries.strings().alpha().ofMaxLength(60),
                        Arbitraries.bytes().array(byte[].class).ofMaxSize(100))
                .as((sequence, id, expiry, topic, body) -> new SpooledMessage(
                        sequence,
                        id == null ? null : new String(id.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8),
                        expiry == null ? null : Instant.ofEpochMilli(expiry),
                        topic,
                        body));
    }

    private record Found(List<SpooledMessage> messages, int covered) {}

    private static Found scan(byte[] bytes) {
        List<SpooledMessage> messages = new ArrayList<>();
        int[] covered = new int[1];
        List<SegmentScan.Gap> gaps = SegmentScan.scan(bytes, 0, (content, at, length) -> {
            if (content.message() != null) {
                messages.add(content.message());
            }
            covered[0] += length;
        });
        return new Found(
                messages,
                covered[0] + gaps.stream().mapToInt(SegmentScan.Gap::length).sum());
    }
}
