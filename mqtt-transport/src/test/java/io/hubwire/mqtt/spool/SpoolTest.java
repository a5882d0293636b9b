package io.hubwire.mqtt.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.protocol.ErrorCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SpoolTest {
    private static final long MB = 1024 * 1024;

    @TempDir
    private Path folder;

    @Test
    void what_is_not_done_is_there_again_after_a_restart_in_order() {
        try (Spool spool = open(folder)) {
            append(spool, "a", "b", "c");
            spool.remove(2);
        }
        try (Spool spool = open(folder)) {
            assertThat(bodies(spool)).containsExactly("a", "c");
            assertThat(append(spool, "d")).containsExactly(4L);
        }
        try (Spool spool = open(folder)) {
            assertThat(bodies(spool)).containsExactly("a", "c", "d");
        }
    }

    @Test
    void keeps_every_part_of_a_message() {
        Instant expiry = Instant.parse("2030-01-01T00:00:00.123Z");
        byte[] body = new byte[262_144];
        new SplittableRandom(7).nextBytes(body);
        try (Spool spool = open(folder)) {
            spool.append("id-ü", expiry, "devices/d/messages/events/k=v", body);
            spool.append(null, null, "t", new byte[0]);
            spool.append("", null, "t", new byte[0]);
        }
        try (Spool spool = open(folder)) {
            List<SpooledMessage> read = messages(spool);
            assertThat(read.get(0).messageId()).isEqualTo("id-ü");
            assertThat(read.get(0).expiry()).isEqualTo(expiry);
            assertThat(read.get(0).topic()).isEqualTo("devices/d/messages/events/k=v");
            assertThat(read.get(0).body()).isEqualTo(body);
            assertThat(read.get(1).messageId()).isNull();
            assertThat(read.get(1).expiry()).isNull();
            assertThat(read.get(2).messageId()).isEmpty();
        }
    }

    @Test
    void a_cut_at_any_byte_costs_at_most_the_last_record() throws IOException {
        Path whole = folder.resolve("whole");
        try (Spool spool = open(whole)) {
            append(spool, "one", "two");
            spool.remove(1);
            append(spool, "three");
        }
        byte[] file = Files.readAllBytes(onlySegment(whole));
        List<List<String>> seen = new ArrayList<>();
        for (int length = 0; length <= file.length; length++) {
            Path cut = Files.createDirectory(folder.resolve("cut-" + length));
            Files.write(cut.resolve("0000000001.spool"), Arrays.copyOf(file, length));
            try (Spool spool = open(cut)) {
                seen.add(bodies(spool));
                append(spool, "later");
            }
            try (Spool spool = open(cut)) {
                assertThat(bodies(spool)).endsWith("later");
            }
        }
        assertThat(seen.stream().distinct())
                .containsExactly(
                        List.of(), List.of("one"), List.of("one", "two"), List.of("two"), List.of("two", "three"));
    }

    @Test
    void a_damaged_byte_costs_the_record_it_is_in_and_no_other() throws IOException {
        Path whole = folder.resolve("whole");
        try (Spool spool = open(whole)) {
            append(spool, "one", "two", "three");
        }
        byte[] file = Files.readAllBytes(onlySegment(whole));
        int head = 5;
        for (int at = head; at < file.length; at++) {
            Path damaged = Files.createDirectory(folder.resolve("damaged-" + at));
            byte[] copy = file.clone();
            copy[at] ^= 0x10;
            Files.write(damaged.resolve("0000000001.spool"), copy);
            try (Spool spool = open(damaged)) {
                assertThat(bodies(spool)).hasSize(2).isSubsetOf("one", "two", "three");
                append(spool, "later");
            }
            try (Spool spool = open(damaged)) {
                assertThat(bodies(spool)).hasSize(3).endsWith("later");
            }
        }
    }

    @Test
    void a_damaged_file_is_kept_for_whoever_wants_to_look_at_it() throws IOException {
        try (Spool spool = open(folder)) {
            append(spool, "one", "two");
        }
        Path segment = onlySegment(folder);
        byte[] file = Files.readAllBytes(segment);
        file[file.length / 2 - 3] ^= 1;
        Files.write(segment, file);
        try (Spool spool = open(folder)) {
            assertThat(bodies(spool)).containsExactly("two");
            spool.remove(2);
        }
        assertThat(folder.resolve(segment.getFileName() + ".damaged")).hasBinaryContent(file);
        try (Spool spool = open(folder)) {
            assertThat(spool.count()).isZero();
        }
    }

    @Test
    void a_spool_of_another_version_is_not_touched() throws IOException {
        try (Spool spool = open(folder)) {
            append(spool, "one");
        }
        Path segment = onlySegment(folder);
        byte[] file = Files.readAllBytes(segment);
        file[4] = 2;
        Files.write(segment, file);
        for (int twice = 0; twice < 2; twice++) { // the lock is free again after the first
            assertThatThrownBy(() -> open(folder))
                    .isInstanceOf(SpoolException.class)
                    .hasMessageContainingAll("0000000001.spool", "version [2]");
        }
        assertThat(segment).hasBinaryContent(file);
    }

    @Test
    void a_message_that_contains_a_record_does_not_bring_it_forth() throws IOException {
        byte[] inner = SpoolRecords.message(new SpooledMessage(77, "inner", null, "t", new byte[] {1}));
        try (Spool spool = open(folder)) {
            spool.append("outer", null, "t", inner);
            append(spool, "two");
        }
        Path segment = onlySegment(folder);
        byte[] file = Files.readAllBytes(segment);
        file[5 + SpoolRecords.HEADER] ^= 1;
        Files.write(segment, file);
        try (Spool spool = open(folder)) {
            assertThat(bodies(spool)).containsExactly("two");
        }
    }

    @Test
    void a_synced_spool_keeps_the_same_form() {
        try (Spool spool = Spool.open(folder, MB, true)) {
            append(spool, "a", "b");
            spool.remove(1);
        }
        try (Spool spool = open(folder)) {
            assertThat(bodies(spool)).containsExactly("b");
        }
    }

    @Test
    void what_is_done_makes_room_even_behind_messages_that_stay() {
        try (Spool spool = open(folder)) {
            byte[] body = new byte[50_000];
            for (int i = 0; i < 3; i++) {
                spool.append("stays", null, "t", body);
            }
            for (int i = 0; i < 200; i++) {
                spool.remove(spool.append(null, null, "t", body));
            }
            assertThat(spool.bytes()).isLessThanOrEqualTo(MB);
            assertThat(spool.count()).isEqualTo(3);
        }
    }

    @Test
    void a_file_of_another_kind_is_put_aside_and_not_destroyed() throws IOException {
        Files.writeString(folder.resolve("0000000001.spool"), "precious");
        try (Spool spool = open(folder)) {
            append(spool, "a");
        }
        assertThat(folder.resolve("0000000001.spool.unreadable")).hasContent("precious");
    }

    @Test
    void is_full_at_its_limit_and_has_room_again_when_messages_are_done() {
        try (Spool spool = open(folder)) {
            byte[] body = new byte[100_000];
            List<Long> kept = new ArrayList<>();
            for (int i = 0; i < 9; i++) {
                kept.add(spool.append(null, null, "t", body));
            }
            assertThatThrownBy(() -> spool.append(null, null, "t", body))
                    .isInstanceOfSatisfying(
                            SpoolException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.QUEUE_FULL));
            assertThat(spool.bytes()).isLessThanOrEqualTo(MB);
            kept.forEach(spool::remove);
            for (int i = 0; i < 9; i++) {
                spool.append(null, null, "t", body);
            }
        }
    }

    @Test
    void one_old_message_does_not_keep_everything_after_it() {
        try (Spool spool = open(folder)) {
            spool.append("old", null, "t", "old".getBytes(StandardCharsets.UTF_8));
            for (int i = 0; i < 200; i++) {
                spool.remove(spool.append(null, null, "t", new byte[50_000]));
            }
            assertThat(spool.bytes()).isLessThan(MB);
            assertThat(bodies(spool)).containsExactly("old");
        }
        try (Spool spool = open(folder)) {
            assertThat(bodies(spool)).containsExactly("old");
        }
    }

    @Test
    void agrees_with_a_map_after_thousands_of_random_steps_and_restarts() {
        SplittableRandom random = new SplittableRandom(42);
        TreeMap<Long, Integer> expected = new TreeMap<>();
        for (int run = 0; run < 20; run++) {
            try (Spool spool = open(folder)) {
                assertThat(messages(spool))
                        .extracting(SpooledMessage::sequence)
                        .containsExactlyElementsOf(expected.keySet());
                for (int step = 0; step < 500; step++) {
                    if (random.nextInt(100) < 52 && expected.size() < 100) {
                        int size = random.nextInt(4000);
                        expected.put(spool.append(null, null, "t", new byte[size]), size);
                    } else if (!expected.isEmpty()) {
                        List<Long> all = new ArrayList<>(expected.keySet());
                        long sequence = all.get(random.nextInt(all.size()));
                        assertThat(spool.read(sequence).body()).hasSize(expected.remove(sequence));
                        spool.remove(sequence);
                    }
                }
                assertThat(spool.bytes()).isLessThanOrEqualTo(MB);
            }
        }
        assertThat(expected).isNotEmpty();
    }

    @Test
    void only_one_client_may_use_a_folder() {
        try (Spool spool = open(folder)) {
            assertThatThrownBy(() -> open(folder))
                    .isInstanceOf(SpoolException.class)
                    .hasMessageContaining("in use");
            assertThat(spool.count()).isZero();
        }
        open(folder).close();
    }

    @Test
    void a_folder_that_cannot_be_is_named() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> open(file.resolve("below"))).isInstanceOfSatisfying(SpoolException.class, e -> {
            assertThat(e.code()).isEqualTo(ErrorCode.STORAGE_FAILED);
            assertThat(e).hasMessageContaining("below");
        });
    }

    @Test
    void survives_the_violent_end_of_its_process() throws Exception {
        Process writer = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        SpoolWriter.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        long last = 0;
        try (var lines = writer.inputReader()) {
            for (int i = 0; i < 500; i++) {
                last = Long.parseLong(lines.readLine());
            }
            writer.destroyForcibly().waitFor();
        }
        try (Spool spool = Spool.open(folder, 100 * MB, false)) {
            List<Long> there =
                    messages(spool).stream().map(SpooledMessage::sequence).toList();
            assertThat(there).contains(last).doesNotHaveDuplicates();
            for (long sequence = 1; sequence <= last; sequence++) {
                assertThat(there.contains(sequence)).isEqualTo(sequence % 3 != 0);
            }
        }
    }

    private static Spool open(Path folder) {
        return Spool.open(folder, MB, false);
    }

    private static List<SpooledMessage> messages(Spool spool) {
        List<SpooledMessage> all = new ArrayList<>();
        spool.forEach(all::add);
        return all;
    }

    private static List<Long> append(Spool spool, String... bodies) {
        return Stream.of(bodies)
                .map(body -> spool.append(body, null, "t", body.getBytes(StandardCharsets.UTF_8)))
                .toList();
    }

    private static List<String> bodies(Spool spool) {
        return messages(spool).stream()
                .map(m -> new String(m.body(), StandardCharsets.UTF_8))
                .toList();
    }

    private static Path onlySegment(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(p -> p.toString().endsWith(".spool"))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
