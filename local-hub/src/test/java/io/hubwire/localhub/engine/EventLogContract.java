package io.hubwire.localhub.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.localhub.engine.EventLog.Incoming;
import io.hubwire.localhub.engine.EventLog.PartitionInfo;
import io.hubwire.localhub.engine.EventLog.Start;
import io.hubwire.localhub.engine.EventLog.Stored;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.time.FakeTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every event log does, wherever it keeps events. */
@Timeout(60)
abstract class EventLogContract {
    final FakeTime time = new FakeTime(TestHub.START);
    EventLog log;

    /** A new log. */
    abstract EventLog log(int partitions, Duration retention, long maxBytes);

    @BeforeEach
    void open() {
        log = log(1, Duration.ofDays(1), 1 << 20);
    }

    @Test
    void keeps_a_device_and_its_modules_in_one_partition() {
        log = log(4, Duration.ofDays(1), 1 << 20);
        int partition = PartitionHash.partition("thermostat-0001", 4);
        log.append(new Incoming(Identity.device("thermostat-0001"), Message.of("a"), Map.of()), () -> {});
        log.append(new Incoming(Identity.module("thermostat-0001", "m"), Message.of("b"), Map.of()), () -> {});
        assertThat(texts(partition, 0)).containsExactly("a", "b");
        assertThat(log.partitions()).isEqualTo(4);
    }

    @Test
    void numbers_events_from_zero_and_tells_what_it_knows() {
        assertThat(log.info(0)).isEqualTo(new PartitionInfo(0, 0, -1, "-1", null));
        time.advance(Duration.ofNanos(1_234_567));
        Stored first = append("a");
        Stored second = append("b");
        assertThat(List.of(first.sequenceNumber(), second.sequenceNumber())).containsExactly(0L, 1L);
        assertThat(Long.parseLong(second.offset())).isGreaterThan(Long.parseLong(first.offset()));
        assertThat(first.enqueuedTime()).isEqualTo(TestHub.START.plusMillis(1));
        assertThat(log.info(0)).isEqualTo(new PartitionInfo(0, 0, 1, second.offset(), second.enqueuedTime()));
    }

    @Test
    void starts_reading_where_it_is_told() {
        List<Stored> events = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            time.advance(Duration.ofSeconds(1));
            events.add(append("e" + i));
        }
        Stored third = events.get(2);
        assertThat(log.resolve(0, new Start.Earliest())).isEqualTo(0);
        assertThat(log.resolve(0, new Start.Latest())).isEqualTo(5);
        assertThat(log.resolve(0, new Start.Offset(third.offset(), true))).isEqualTo(2);
        assertThat(log.resolve(0, new Start.Offset(third.offset(), false))).isEqualTo(3);
        assertThat(log.resolve(0, new Start.Offset("-1", false))).isEqualTo(0);
        assertThat(log.resolve(0, new Start.Offset("999999999", true))).isEqualTo(5);
        assertThat(log.resolve(0, new Start.SequenceNumber(2, true))).isEqualTo(2);
        assertThat(log.resolve(0, new Start.SequenceNumber(2, false))).isEqualTo(3);
        assertThat(log.resolve(0, new Start.SequenceNumber(99, true))).isEqualTo(5);
        assertThat(log.resolve(0, new Start.Time(third.enqueuedTime()))).isEqualTo(3);
        assertThat(log.resolve(0, new Start.Time(third.enqueuedTime().minusMillis(1))))
                .isEqualTo(2);
        assertThat(log.resolve(0, new Start.Time(TestHub.START.plusSeconds(99))))
                .isEqualTo(5);
        assertThatThrownBy(() -> log.resolve(0, new Start.Offset("x", true))).hasMessageContaining("offset [x]");
        assertThat(log.read(0, 1, 2)).extracting(e -> e.message().text()).containsExactly("e1", "e2");
        assertThat(log.read(0, 5, 10)).isEmpty();
    }

    @Test
    void keeps_everything_in_order_while_it_grows() {
        log = log(1, Duration.ofDays(1), 1 << 24);
        for (int i = 0; i < 2_000; i++) {
            append(Integer.toString(i));
        }
        assertThat(texts(0, 0)).hasSize(2_000).startsWith("0", "1").endsWith("1998", "1999");
        assertThat(log.read(0, 1_234, 1).get(0).message().text()).isEqualTo("1234");
    }

    @Test
    void does_not_go_back_in_time_when_the_clock_does() {
        append("a");
        time.jump(Duration.ofSeconds(-30));
        assertThat(append("b").enqueuedTime()).isEqualTo(TestHub.START);
    }

    @Test
    void says_that_an_event_is_stored_before_it_tells_readers() throws Exception {
        List<String> seen = new ArrayList<>();
        AutoCloseable listening = log.onAppend(0, () -> seen.add("reader"));
        log.append(new Incoming(Identity.device("d"), Message.of("a"), Map.of()), () -> seen.add("sender"));
        listening.close();
        log.append(new Incoming(Identity.device("d"), Message.of("b"), Map.of()), () -> seen.add("sender"));
        assertThat(seen).containsExactly("sender", "reader", "sender");
    }

    @Test
    void keeps_each_device_in_order_while_several_send_and_one_reads() throws Exception {
        log = log(2, Duration.ofDays(1), 1 << 26);
        int each = 5_000;
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> senders = new ArrayList<>();
            for (String device : List.of("a", "b", "c")) {
                senders.add(threads.submit(() -> {
                    for (int i = 0; i < each; i++) {
                        log.append(
                                new Incoming(Identity.device(device), Message.of(device + " " + i), Map.of()),
                                () -> {});
                    }
                }));
            }
            Future<List<String>> reader = threads.submit(() -> {
                List<String> all = new ArrayList<>();
                long[] next = new long[2];
                while (all.size() < 3 * each) {
                    for (int p = 0; p < 2; p++) {
                        for (Stored event : log.read(p, next[p], 100)) {
                            assertThat(event.sequenceNumber()).isEqualTo(next[p]++);
                            all.add(event.message().text());
                        }
                    }
                }
                return all;
            });
            for (Future<?> sender : senders) {
                sender.get(30, TimeUnit.SECONDS);
            }
            List<String> all = reader.get(30, TimeUnit.SECONDS);
            for (String device : List.of("a", "b", "c")) {
                assertThat(all.stream().filter(text -> text.startsWith(device)).toList())
                        .containsExactlyElementsOf(IntStream.range(0, each)
                                .mapToObj(i -> device + " " + i)
                                .toList());
            }
        } finally {
            threads.shutdownNow();
        }
    }

    Stored append(String text) {
        return log.append(new Incoming(Identity.device("d"), Message.of(text), Map.of()), () -> {});
    }

    List<String> texts(int partition, long from) {
        return log.read(partition, from, 10_000).stream()
                .map(event -> event.message().text())
                .toList();
    }
}
