package io.hubwire.localhub.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.localhub.engine.EventLog.Incoming;
import io.hubwire.localhub.engine.EventLog.PartitionInfo;
import io.hubwire.localhub.engine.EventLog.Start;
import io.hubwire.localhub.engine.EventLog.Stored;
import io.hubwire.localhub.store.log.Incident;
import io.hubwire.localhub.store.log.LogException;
import io.hubwire.localhub.store.log.Sync;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.SystemProperty;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileEventLogTest extends EventLogContract {
    @TempDir
    private Path folder;

    private final List<Incident> incidents = new ArrayList<>();
    private final List<PartitionedEventLog> opened = new ArrayList<>();
    private int logs;

    @Override
    EventLog log(int partitions, Duration retention, long maxBytes) {
        return open(folder.resolve("log-" + logs++), partitions, retention, maxBytes, Sync.PROCESS);
    }

    private PartitionedEventLog open(Path in, int partitions, Duration retention, long maxBytes, Sync sync) {
        PartitionedEventLog fresh = PartitionedEventLog.open(
                new EngineOptions.Events(partitions, retention, 1).inFolder(in, sync, maxBytes, incidents::add), time);
        opened.add(fresh);
        return fresh;
    }

    private PartitionedEventLog again(String name) {
        return open(folder.resolve(name), 1, Duration.ofDays(1), 1 << 20, Sync.PROCESS);
    }

    @AfterEach
    void close() {
        opened.forEach(PartitionedEventLog::close);
    }

    @Test
    void has_everything_again_after_an_end_in_good_order_and_after_a_sudden_one() {
        time.advance(Duration.ofMillis(1));
        Message message = Message.builder("{}")
                .messageId("m1")
                .system(SystemProperty.CONTENT_TYPE, null)
                .property("a", "ä")
                .property("bare", null)
                .property("empty", "")
                .build();
        Map<String, Object> annotations = Map.of("auth", "sas", "at", Instant.parse("2026-01-02T03:04:05.678901234Z"));
        Stored device = log.append(new Incoming(Identity.device("d"), message, annotations), () -> {});
        Stored module = log.append(new Incoming(Identity.module("d", "m"), Message.of(""), Map.of()), () -> {});
        PartitionInfo info = log.info(0);

        EventLog afterKill = again("log-0"); // while the first one is still open, as after kill -9
        assertThat(afterKill.read(0, 0, 10)).containsExactly(device, module);
        assertThat(afterKill.info(0)).isEqualTo(info);
        assertThat(afterKill.append(new Incoming(Identity.device("d"), Message.of("b"), Map.of()), () -> {}))
                .satisfies(third -> assertThat(third.sequenceNumber()).isEqualTo(2));

        opened.forEach(PartitionedEventLog::close);
        assertThat(again("log-0").read(0, 0, 10)).hasSize(3).startsWith(device, module);
        assertThat(incidents).isEmpty();
    }

    @Test
    void forgets_what_is_too_old_at_once_and_keeps_counting() {
        Stored old = append("old");
        time.advance(Duration.ofDays(1).plusMillis(1));
        assertThat(log.read(0, 0, 10)).isEmpty();
        assertThat(log.info(0)).isEqualTo(new PartitionInfo(0, 1, 0, old.offset(), old.enqueuedTime()));
        assertThat(log.resolve(0, new Start.Earliest())).isEqualTo(1);
        assertThat(again("log-0").info(0)).isEqualTo(log.info(0));
        assertThat(append("new").sequenceNumber()).isEqualTo(1);
        assertThat(texts(0, 0)).containsExactly("new");
    }

    @Test
    void gives_the_room_of_old_events_back() throws IOException {
        log = log(1, Duration.ofDays(1), 100_000);
        for (int i = 0; i < 2_000; i++) {
            append("x".repeat(1_000));
        }
        try (Stream<Path> files = Files.walk(folder.resolve("log-1"))) {
            assertThat(files.filter(Files::isRegularFile)
                            .mapToLong(f -> f.toFile().length())
                            .sum())
                    .isLessThan(120_000);
        }
        PartitionInfo info = log.info(0);
        assertThat(info.lastSequenceNumber()).isEqualTo(1_999);
        assertThat(info.firstSequenceNumber()).isBetween(1_900L, 1_950L);
        assertThat(log.read(0, 0, 1_000)).first().satisfies(e -> assertThat(e.sequenceNumber())
                .isEqualTo(info.firstSequenceNumber()));
    }

    @Test
    void finds_its_way_through_many_events() {
        log = log(1, Duration.ofDays(1), 1 << 24);
        List<Stored> all = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            time.advance(Duration.ofMillis(1));
            all.add(append(i % 7 == 0 ? "y".repeat(9_000) : "z".repeat(i % 50)));
        }
        for (int i = 0; i < 3_000; i += 97) {
            Stored wanted = all.get(i);
            assertThat(log.read(0, i, 1)).containsExactly(wanted);
            assertThat(log.resolve(0, new Start.Offset(wanted.offset(), true))).isEqualTo(i);
            assertThat(log.resolve(0, new Start.Offset(wanted.offset(), false))).isEqualTo(i + 1);
            assertThat(log.resolve(0, new Start.Time(wanted.enqueuedTime()))).isEqualTo(i + 1);
        }
    }

    @Test
    void says_that_an_event_is_safe_when_it_was_forced_to_the_disk() throws Exception {
        EventLog safe = open(folder.resolve("safe"), 2, Duration.ofDays(1), 1 << 20, Sync.MACHINE);
        CountDownLatch durable = new CountDownLatch(100);
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            int number = i;
            safe.append(new Incoming(Identity.device("d"), Message.of("x"), Map.of()), () -> {
                order.add(number);
                durable.countDown();
            });
        }
        assertThat(durable.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(order).isSorted().hasSize(100);
    }

    @Test
    void refuses_what_comes_after_its_end() {
        append("a");
        opened.get(0).close();
        List<String> told = new ArrayList<>();
        assertThatThrownBy(() -> log.append(
                        new Incoming(Identity.device("d"), Message.of("b"), Map.of()), () -> told.add("safe")))
                .isInstanceOf(LogException.class)
                .hasMessageContaining("is closed");
        assertThat(told).isEmpty();
    }

    @Test
    void reads_on_when_a_thread_of_its_users_was_interrupted() {
        append("a");
        Thread.currentThread().interrupt();
        try {
            append("b");
            assertThat(texts(0, 0)).containsExactly("a", "b");
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        append("c");
        assertThat(texts(0, 0)).containsExactly("a", "b", "c");
    }

    @Test
    void names_a_damaged_file_keeps_it_and_reads_all_that_is_whole() throws IOException {
        for (int i = 0; i < 10; i++) {
            append("event " + i);
        }
        List<Stored> before = log.read(0, 0, 10);
        Path file = folder.resolve("log-0/0/00000000000000000000.log");
        long fifth = Long.parseLong(before.get(5).offset())
                - Long.parseLong(before.get(0).offset());
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.seek(48 + fifth + 40);
            out.write('X');
        }
        EventLog after = again("log-0");
        assertThat(after.read(0, 0, 100))
                .containsExactlyElementsOf(
                        before.stream().filter(e -> e.sequenceNumber() != 5).toList());
        assertThat(after.resolve(0, new Start.SequenceNumber(5, true))).isEqualTo(5);
        assertThat(incidents).singleElement().isInstanceOfSatisfying(Incident.Damage.class, damage -> {
            assertThat(damage.file()).isEqualTo(file);
            assertThat(damage.saved()).exists();
            assertThat(damage.bytes()).isPositive();
        });
        incidents.clear();
        assertThat(again("log-0").read(0, 0, 100)).hasSize(9);
        assertThat(incidents).isEmpty();
    }
}
