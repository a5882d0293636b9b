package io.hubwire.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.localhub.LocalHub;
import io.hubwire.localhub.engine.EventLog;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A back end's program that is killed while it reads, and started again. */
@Timeout(90)
class ReaderRestartTest {
    private static final int BATCH = 20;
    private static final int EVENTS = 3_000;
    private static final int DEVICES = 16;
    private static final int KILLS = 2;
    /** SIGKILL, as a shell would say it. */
    private static final int KILLED = 128 + 9;

    @TempDir
    Path folder;

    @Test
    void a_reader_that_is_killed_misses_nothing_and_repeats_at_most_one_batch_of_each_partition() throws Exception {
        try (LocalHub hub = LocalHub.start()) {
            EventLog log = hub.engine().events();
            store(log, EVENTS);
            Map<String, Long> nextWanted = new HashMap<>();
            for (int life = 0; life <= KILLS; life++) {
                boolean last = life == KILLS;
                List<String> lines = read(hub, last ? EVENTS : (life + 1) * EVENTS / 4, nextWanted);
                Map<String, List<Long>> byPartition = byPartition(lines);
                byPartition.forEach((partition, read) -> {
                    long wanted = nextWanted.getOrDefault(partition, 0L);
                    assertThat(read.get(0))
                            .as("the first that partition %s gave again", partition)
                            .isBetween(wanted - BATCH, wanted);
                    for (int i = 1; i < read.size(); i++) {
                        assertThat(read.get(i)).isEqualTo(read.get(i - 1) + 1);
                    }
                    nextWanted.put(partition, Math.max(wanted, read.get(read.size() - 1) + 1));
                });
            }
            for (int partition = 0; partition < log.partitions(); partition++) {
                assertThat(nextWanted.getOrDefault(String.valueOf(partition), 0L))
                        .isEqualTo(log.info(partition).lastSequenceNumber() + 1);
            }
        }
    }

    private static void store(EventLog log, int count) {
        for (int i = 0; i < count; i++) {
            Identity device = Identity.device("device" + i % DEVICES);
            log.append(new EventLog.Incoming(device, Message.of("event " + i), Map.of()), () -> {});
        }
    }

    /** Runs the reader until it has worked off so many in all, kills it, and returns all whole lines it wrote. */
    private List<String> read(LocalHub hub, int inAll, Map<String, Long> before) throws Exception {
        Process reader = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CheckpointingReader.class.getName(),
                        hub.eventHubConnectionString(),
                        String.valueOf(hub.amqpPort()),
                        hub.caFile().toString(),
                        folder.resolve("checkpoints").toString(),
                        String.valueOf(BATCH))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (BufferedReader out = reader.inputReader()) {
            List<String> lines = new ArrayList<>();
            Map<String, Long> next = new HashMap<>(before);
            while (next.values().stream().mapToLong(Long::longValue).sum() < inAll) {
                String line = out.readLine();
                assertThat(line).as("what the reader says after " + lines).isNotNull();
                lines.add(line);
                next.merge(partition(line), number(line) + 1, Math::max);
            }
            reader.toHandle().destroyForcibly(); // Process.destroyForcibly would throw away what is still to be read
            out.lines().forEach(lines::add);
            assertThat(reader.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(reader.exitValue()).isEqualTo(KILLED);
            return lines;
        } catch (IOException cut) {
            throw new AssertionError("the reader's output broke", cut);
        } finally {
            reader.destroyForcibly();
        }
    }

    private static Map<String, List<Long>> byPartition(List<String> lines) {
        Map<String, List<Long>> numbers = new HashMap<>();
        lines.forEach(line ->
                numbers.computeIfAbsent(partition(line), p -> new ArrayList<>()).add(number(line)));
        return numbers;
    }

    private static String partition(String line) {
        return line.substring(0, line.indexOf(' '));
    }

    private static long number(String line) {
        return Long.parseLong(line.substring(line.indexOf(' ') + 1));
    }
}
