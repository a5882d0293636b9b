package io.hubwire.localhub.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.hubwire.localhub.engine.EventLog.PartitionInfo;
import io.hubwire.localhub.engine.EventLog.Start;
import io.hubwire.protocol.vectors.Vectors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MemoryEventLogTest extends EventLogContract {
    @Override
    EventLog log(int partitions, Duration retention, long maxBytes) {
        return PartitionedEventLog.open(new EngineOptions.Events(partitions, retention, maxBytes), time);
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
}
