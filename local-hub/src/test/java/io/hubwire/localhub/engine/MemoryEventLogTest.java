package io.hubwire.localhub.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class MemoryEventLogTest {
    private final FakeTime time = new FakeTime(TestHub.START);
    private EventLog log = log(1, Duration.ofDays(1), 1 << 20);

    private EventLog log(int partitions, Duration retention, long maxBytes) {
        return new MemoryEventLog(new EngineOptions.Events(partitions, retention, maxBytes), time);
    }

    static Stream<Named<JsonNode>> hashes() {
        JsonNode vectors = Vectors.file("amqp.json").path("device_hash").path("vectors");
        assertThat(vectors).isNotEmpty();
        List<Named<JsonNode>> cases = new ArrayList<>();
        vectors.forEach(v -> cases.add(Named.of(v.path("id").asText(), v)));
        return cases.stream();
    }

    @ParameterizedTest
    @MethodSource("hashes")
    void finds_the_partition_of_a_device_by_the_published_hash(JsonNode v) {
        String id = v.path("id").asText();
        assertThat(String.format("%016x", PartitionHash.hash(id, true)))
                .isEqualTo(v.path("c").asText() + v.path("b").asText());
        assertThat(PartitionHash.shortHash(id))
                .isEqualTo((short) v.path("short").asInt());
        assertThat(PartitionHash.partition(id, 4))
                .isEqualTo(v.path("partition_of_4").asInt());
    }

    @Test
    void hashes_as_the_published_example_of_lookup3() {
        JsonNode check = Vectors.file("amqp.json").at("/device_hash/self_check");
        assertThat(String.format(
                        "%016x",
                        PartitionHash.hash(
                                check.path("text_without_upper_casing").asText(), false)))
                .isEqualTo(check.path("c").asText() + check.path("b").asText());
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
    void forgets_what_is_too_old_or_too_much_and_keeps_counting() {
        log = log(1, Duration.ofMinutes(1), 10 * 1_500L);
        append("old");
        time.advance(Duration.ofSeconds(61));
        assertThat(log.read(0, 0, 10)).isEmpty();
        assertThat(log.info(0).firstSequenceNumber()).isEqualTo(1);
        assertThat(log.info(0).lastSequenceNumber()).isEqualTo(0);
        assertThat(log.resolve(0, new Start.Earliest())).isEqualTo(1);
        for (int i = 0; i < 1_000; i++) {
            append("x".repeat(1_000));
        }
        PartitionInfo info = log.info(0);
        assertThat(info.lastSequenceNumber()).isEqualTo(1_000);
        assertThat(info.firstSequenceNumber()).isEqualTo(991);
        assertThat(log.read(0, 0, 100)).hasSize(10).first().satisfies(e -> assertThat(e.sequenceNumber())
                .isEqualTo(991));
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

    private Stored append(String text) {
        return log.append(new Incoming(Identity.device("d"), Message.of(text), Map.of()), () -> {});
    }

    private List<String> texts(int partition, long from) {
        return log.read(partition, from, 10_000).stream()
                .map(event -> event.message().text())
                .toList();
    }
}
