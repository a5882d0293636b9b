package io.hubwire.localhub.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.localhub.engine.EventLog.Incoming;
import io.hubwire.localhub.engine.EventLog.PartitionInfo;
import io.hubwire.localhub.engine.EventLog.Stored;
import io.hubwire.localhub.store.log.Sync;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.time.FakeTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Retention by size and by time under many events: 100,000, or as many as {@code -Dhubwire.test.events} says. */
@Timeout(120)
class RetentionAtScaleTest {
    private static final int EVENTS = Integer.getInteger("hubwire.test.events", 100_000);
    private static final int PARTITIONS = 4;
    private static final int DEVICES = 64;
    private static final Duration RETENTION = Duration.ofHours(1);
    /** A tenth of what all events of a partition would take. */
    private static final long MAX_BYTES = 200L * EVENTS / PARTITIONS / 10;

    @TempDir
    private Path folder;

    private final FakeTime time = new FakeTime(Instant.parse("2026-01-02T03:04:05Z"));

    @Test
    void keeps_no_more_than_it_may_and_nothing_that_is_too_old() throws IOException {
        EngineOptions.Events options = new EngineOptions.Events(PARTITIONS, RETENTION, MAX_BYTES);
        try (PartitionedEventLog log =
                PartitionedEventLog.open(options.inFolder(folder, Sync.PROCESS, MAX_BYTES, incident -> {}), time)) {
            Message message = Message.of("x".repeat(200));
            for (int i = 0; i < EVENTS; i++) {
                log.append(new Incoming(Identity.device("device" + i % DEVICES), message, Map.of()), () -> {});
                if (i % 100 == 0) {
                    time.advance(Duration.ofMillis(1));
                }
            }
            assertThat(bytesOnDisk()).isBetween(MAX_BYTES, PARTITIONS * MAX_BYTES * 5 / 4);
            for (int partition = 0; partition < PARTITIONS; partition++) {
                PartitionInfo info = log.info(partition);
                assertThat(info.firstSequenceNumber()).isGreaterThan(EVENTS / PARTITIONS / 2);
                assertThat(readAll(log, partition, 0))
                        .isEqualTo(info.lastSequenceNumber() - info.firstSequenceNumber() + 1);
            }

            time.advance(RETENTION.plusSeconds(1));
            for (int partition = 0; partition < PARTITIONS; partition++) {
                assertThat(log.read(partition, 0, 10)).isEmpty();
                assertThat(log.info(partition).firstSequenceNumber())
                        .isEqualTo(log.info(partition).lastSequenceNumber() + 1);
            }
        }
    }

    /** Reads as a reader does, from a place that may be forgotten. @return how many there are, without a gap */
    private static long readAll(EventLog log, int partition, long from) {
        long next = from;
        long read = 0;
        for (List<Stored> batch = log.read(partition, next, 128);
                !batch.isEmpty();
                batch = log.read(partition, next, 128)) {
            for (Stored event : batch) {
                assertThat(read == 0 || event.sequenceNumber() == next).isTrue();
                next = event.sequenceNumber() + 1;
                read++;
            }
        }
        return read;
    }

    private long bytesOnDisk() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }
}
