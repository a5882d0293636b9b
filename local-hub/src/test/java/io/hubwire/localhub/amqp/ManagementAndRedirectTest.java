package io.hubwire.localhub.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.vectors.AmqpNotation;
import io.hubwire.protocol.vectors.Vectors;
import java.util.Map;
import org.apache.qpid.protonj2.engine.Receiver;
import org.apache.qpid.protonj2.types.Symbol;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The answers of {@code $management}, and where readers of the hub are sent. */
@Timeout(30)
class ManagementAndRedirectTest {
    private final AmqpTestHub hub = new AmqpTestHub();

    @AfterEach
    void stop() {
        hub.close();
    }

    @Test
    void describes_the_event_hub_with_the_recorded_types() {
        Map<String, Object> answer = hub.trusted()
                .request(
                        "events/$management",
                        Map.of("operation", "READ", "type", "com.microsoft:eventhub", "name", "Events"),
                        null,
                        "x");
        JsonNode vector = Vectors.file("amqp.json").path("management_eventhub").path("answer");
        assertThat(answer.get("amqp-value").toString())
                .isEqualTo(AmqpNotation.describe(vector.path("sections"))
                        .get("amqp-value")
                        .toString()
                        .replace("hub-compat-1", "events")
                        .replace("timestamp:1700000000000", "timestamp:" + AmqpTestHub.START.toEpochMilli()));
    }

    @Test
    void describes_an_empty_and_a_filled_partition_with_the_recorded_types() {
        JsonNode vectors = Vectors.file("amqp.json").path("management_partition");
        assertThat(partition("1")).isEqualTo(expectedPartition(vectors.path("answer_empty")));

        hub.telemetry("dev1", "a");
        assertThat(partition("2"))
                .contains("last_enqueued_sequence_number=Long:0")
                .contains("is_partition_empty=Boolean:false")
                .contains("last_enqueued_time_utc=timestamp:" + AmqpTestHub.START.toEpochMilli());
    }

    private String partition(String id) {
        return hub.trusted()
                .request(
                        "$management",
                        Map.of(
                                "operation",
                                "READ",
                                "type",
                                "com.microsoft:partition",
                                "name",
                                "events",
                                "partition",
                                id),
                        null,
                        "x")
                .get("amqp-value")
                .toString()
                .replace("String:", "");
    }

    private static String expectedPartition(JsonNode answer) {
        ObjectNode holder = (ObjectNode) answer;
        return AmqpNotation.describe(holder.arrayNode().add(holder))
                .get("amqp-value")
                .toString()
                .replace("String:", "")
                .replace("hub-compat-1", "events");
    }

    @Test
    void says_not_found_for_unknown_partitions_and_hubs() {
        Map<String, Object> answer = hub.trusted()
                .request(
                        "$management",
                        Map.of(
                                "operation",
                                "READ",
                                "type",
                                "com.microsoft:partition",
                                "name",
                                "events",
                                "partition",
                                "9"),
                        null,
                        "x");
        assertThat(answer.get("application-properties").toString())
                .contains("status-code=Integer:404")
                .contains("amqp:not-found");
    }

    @Test
    void redirects_readers_of_the_hub_to_the_event_endpoint() {
        for (JsonNode asked : Vectors.file("amqp.json").path("redirect_error").path("attach_source")) {
            String address = ((String) AmqpNotation.value(asked)).replace("myhub.azure-devices.net", "localhost");
            Receiver link = hub.trusted().receiver(address);
            assertThat(WirePeer.condition(link)).isEqualTo("amqp:link:redirect");
            assertThat(link.getRemoteSource()).isNull();
            assertThat(link.isRemotelyClosed()).isTrue();
            Map<Symbol, Object> info = link.getRemoteCondition().getInfo();
            assertThat(info)
                    .containsEntry(Symbol.valueOf("hostname"), "localhost")
                    .containsEntry(Symbol.valueOf("port"), 15671)
                    .containsEntry(
                            Symbol.valueOf("address"),
                            "amqps://localhost:15671/events"
                                    + (address.endsWith("$management") ? "/$management" : "/"));
        }
    }
}
