package io.hubwire.localhub.store.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RecordLogTest {
    @TempDir
    private Path folder;

    private final List<Incident> incidents = new ArrayList<>();
    private final List<RecordLog> opened = new ArrayList<>();

    private RecordLog open(int segmentBytes) {
        RecordLog log = RecordLog.open(folder, segmentBytes, Sync.PROCESS, incidents::add);
        opened.add(log);
        return log;
    }

    @AfterEach
    void close() throws IOException {
        for (RecordLog log : opened) {
            log.close();
        }
    }

    /** Page after page, as a reader does. */
    private static List<Record> all(RecordLog log, int page) {
        List<Record> all = new ArrayList<>();
        long next = 0;
        for (List<Record> found = log.read(next, page); !found.isEmpty(); found = log.read(next, page)) {
            all.addAll(found);
            next = found.get(found.size() - 1).sequence() + 1;
        }
        return all;
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }

    @Test
    void reads_every_record_over_all_segments_whatever_the_page_and_the_size() throws IOException {
        Random random = new Random(7);
        RecordLog log = open(3 << 20);
        List<Record> written = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            byte[] payload = new byte[i % 3 == 0 ? random.nextInt(400_000) : random.nextInt(2_000)];
            random.nextBytes(payload);
            written.add(log.append(i, payload));
        }
        assertThat(files()).hasSizeGreaterThan(2);
        for (int page : new int[] {1, 7, 1_000}) {
            assertThat(all(log, page)).isEqualTo(written);
        }
        assertThat(all(open(3 << 20), 50)).isEqualTo(written);
        assertThat(log.nextSequence()).isEqualTo(120);
        assertThat(incidents).isEmpty();
    }

    @Test
    void offsets_rise_without_gaps_and_outlive_the_records_before() {
        RecordLog log = open(1_000);
        List<Record> written = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            written.add(log.append(5, new byte[100]));
        }
        assertThat(written)
                .extracting(Record::offset)
                .containsExactlyElementsOf(
                        LongStream.range(0, 100).mapToObj(i -> i * 128).toList());
        log.deleteOldest((millis, bytes) -> bytes > 5_000);
        long first = log.firstSequence();
        assertThat(first).isPositive();
        assertThat(log.firstAtOffset(written.get(70).offset())).contains(written.get(70));
        RecordLog again = open(1_000);
        assertThat(again.firstSequence()).isEqualTo(first);
        assertThat(again.append(1, new byte[0])).satisfies(next -> {
            assertThat(next.offset()).isEqualTo(12_800);
            assertThat(next.millis()).as("time does not go back").isEqualTo(5);
        });
    }

    @Test
    void cuts_off_what_was_being_written_at_every_possible_length() throws IOException {
        RecordLog log = open(1 << 20);
        log.append(1, new byte[10]);
        log.append(2, new byte[40]);
        log.close();
        byte[] whole = Files.readAllBytes(files().get(0));
        int second = Frames.HEADER_BYTES + Frames.RECORD_BYTES + 10;
        for (int length = second + 1; length < whole.length; length++) {
            try (RandomAccessFile file = new RandomAccessFile(files().get(0).toFile(), "rw")) {
                file.write(whole);
                file.setLength(length);
            }
            incidents.clear();
            RecordLog after = open(1 << 20);
            assertThat(all(after, 10)).hasSize(1);
            assertThat(incidents).singleElement().isEqualTo(new Incident.TornTail(files().get(0), length - second));
            assertThat(after.append(3, new byte[1]).sequence()).isEqualTo(1);
            after.close();
        }
        assertThat(files()).hasSize(1);
    }

    @Test
    void keeps_all_but_the_damaged_record_wherever_a_byte_has_changed() throws IOException {
        RecordLog log = open(1 << 20);
        for (int i = 0; i < 5; i++) {
            log.append(i, new byte[20]);
        }
        List<Record> written = all(log, 10);
        log.close();
        Path file = files().get(0);
        byte[] whole = Files.readAllBytes(file);
        int third = Frames.HEADER_BYTES + 2 * (Frames.RECORD_BYTES + 20);
        for (int at = third; at < third + Frames.RECORD_BYTES + 20; at++) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 0x5a;
            Files.write(file, damaged);
            incidents.clear();
            RecordLog after = open(1 << 20);
            assertThat(all(after, 10)).containsExactly(written.get(0), written.get(1), written.get(3), written.get(4));
            assertThat(incidents).singleElement().isInstanceOfSatisfying(Incident.Damage.class, damage -> assertThat(
                            damage.saved())
                    .hasBinaryContent(damaged));
            after.close();
        }
    }

    @Test
    void moves_a_file_without_a_header_aside_and_gives_no_number_twice() throws IOException {
        RecordLog log = open(500);
        for (int i = 0; i < 10; i++) {
            log.append(i, new byte[100]);
        }
        log.close();
        List<Path> before = files();
        Path last = before.get(before.size() - 1);
        byte[] damaged = Files.readAllBytes(last);
        damaged[0] = 'X';
        Files.write(last, damaged);
        RecordLog after = open(500);
        assertThat(all(after, 100)).hasSizeLessThan(10).isNotEmpty();
        assertThat(after.append(10, new byte[1]).sequence()).isGreaterThanOrEqualTo(10);
        assertThat(incidents).containsExactly(new Incident.Damage(last, Path.of(last + ".damaged-1"), damaged.length));
        assertThat(Path.of(last + ".damaged-1")).hasBinaryContent(damaged);
        after.close();
        incidents.clear();
        assertThat(all(open(500), 100)).isEqualTo(List.copyOf(all(open(500), 1)));
        assertThat(incidents).isEmpty();
    }

    @Test
    void refuses_what_a_later_version_wrote() throws IOException {
        open(500).close();
        byte[] bytes = Files.readAllBytes(files().get(0));
        bytes[11] = 2;
        Files.write(files().get(0), bytes);
        assertThatThrownBy(() -> open(500))
                .isInstanceOf(LogException.class)
                .hasMessageContaining(files().get(0) + "] was written by a later version");
        assertThat(files().get(0)).hasBinaryContent(bytes);
    }
}
