package io.hubwire.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.hubwire.events.amqp.Sections;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.SystemProperty;
import io.hubwire.protocol.vectors.AmqpNotation;
import io.hubwire.protocol.vectors.Vectors;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.qpid.protonj2.codec.CodecFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Cases that came from outside, as the back end's side of them. */
class AmqpVectorsTest {
    private static final JsonNode ALL = Vectors.file("amqp.json");

    private static Sections read(String name) {
        return read(ALL.path(name).path("sections"));
    }

    private static Sections read(JsonNode sections) {
        return Sections.read(AmqpNotation.encode(sections), CodecFactory.getDefaultDecoder());
    }

    @Test
    void reads_a_telemetry_event() {
        Event event = EventDecoder.decode("2", read("telemetry_event"));

        assertThat(event.partition()).isEqualTo("2");
        assertThat(event.sequenceNumber()).isEqualTo(41);
        assertThat(event.offset()).isEqualTo("9840");
        assertThat(event.enqueuedTime()).isEqualTo(Instant.ofEpochMilli(1733000000200L));
        assertThat(event.source()).contains(Identity.device("dev1"));
        assertThat(event.message().text()).isEqualTo("{\"temperature\":31.5,\"humidity\":62}");
        assertThat(event.message().properties()).isEqualTo(Map.of("temperatureAlert", "true"));
        assertThat(event.message().system())
                .containsEntry(SystemProperty.MESSAGE_ID, "m-41")
                .containsEntry(SystemProperty.CORRELATION_ID, "c-7")
                .containsEntry(SystemProperty.CONTENT_TYPE, "application/json")
                .containsEntry(SystemProperty.CONTENT_ENCODING, "utf-8");
        assertThat(event.annotations())
                .containsEntry("iothub-enqueuedtime", Instant.ofEpochMilli(1733000000123L))
                .containsEntry("iothub-message-source", "Telemetry")
                .containsEntry("x-opt-sequence-number", 41L);
        assertThat(event.next()).isEqualTo(StartPosition.afterSequenceNumber(41));
    }

    @Test
    void reads_an_event_of_a_module_with_plug_and_play() {
        Event event = EventDecoder.decode("0", read("telemetry_event_module_pnp"));

        assertThat(event.source()).contains(Identity.module("edge-7", "filter"));
        assertThat(event.message().body()).containsExactly(0x00, 0xff, 0x10);
        assertThat(event.message().userId()).contains("user1");
        assertThat(event.message().get(SystemProperty.COMPONENT)).contains("thermostat1");
        assertThat(event.annotations()).containsEntry("dt-dataschema", "dtmi:com:example:Thermostat;1");
    }

    @Test
    void refuses_an_event_without_its_place() {
        assertThatThrownBy(() -> EventDecoder.decode("0", read("c2d_message")))
                .isInstanceOf(RemoteProtocolException.class)
                .hasMessageContaining("x-opt-sequence-number");
    }

    @Test
    void writes_c2d_messages_as_recorded() {
        Message full = Message.builder("hello")
                .messageId("3f1c6f0e-52ab-4c57-8c2e-0a4f4d1f9b11")
                .expiry(Instant.ofEpochMilli(1733000060000L))
                .contentType("text/plain")
                .contentEncoding("utf-8")
                .system(SystemProperty.ACK, "full")
                .property("a", "1")
                .build();
        assertThat(AmqpNotation.describe(C2dEncoder.encode(Identity.device("dev1"), full)))
                .isEqualTo(AmqpNotation.describe(ALL.path("c2d_message").path("sections")));

        Message plain = Message.builder("hello")
                .messageId("plain-id")
                .system(SystemProperty.ACK, "none")
                .build();
        assertThat(AmqpNotation.describe(C2dEncoder.encode(Identity.device("dev1"), plain)))
                .isEqualTo(
                        AmqpNotation.describe(ALL.path("c2d_message_string_id").path("sections")));
    }

    @Test
    void reads_a_feedback_batch() {
        List<FeedbackRecord> records = FeedbackDecoder.decode(read("feedback_batch"));

        assertThat(records)
                .extracting(FeedbackRecord::originalMessageId, FeedbackRecord::deviceId, FeedbackRecord::statusCode)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("3f1c6f0e-52ab-4c57-8c2e-0a4f4d1f9b11", "dev1", "Success"),
                        org.assertj.core.groups.Tuple.tuple("plain-id-2", "dev2", "Expired"));
        assertThat(records.get(0).when()).contains(Instant.parse("2024-11-30T20:53:50.999Z"));
        assertThat(records.get(1).description()).isEqualTo("The message expired");
    }

    @Test
    void reads_where_a_redirect_leads() {
        JsonNode info = ALL.path("redirect_error").path("detach").path("error").path("info");
        Map<String, Object> map = new HashMap<>();
        AmqpNotation.map(info).forEach((name, value) -> map.put(name.toString(), value));
        RedirectTarget expected = new RedirectTarget("ihsuprodxx001.example.invalid", 5671, "hub-compat-1");
        assertThat(RedirectTarget.of(map)).isEqualTo(expected);

        for (JsonNode also : ALL.path("redirect_error").path("also")) {
            assertThat(RedirectTarget.of(Map.of("address", also.path("address").asText())))
                    .isEqualTo(expected);
        }
        assertThatThrownBy(() -> RedirectTarget.of(Map.of("address", "nowhere")))
                .isInstanceOf(RemoteProtocolException.class)
                .hasMessageContaining("[nowhere]");
    }

    static Stream<JsonNode> filters() {
        List<JsonNode> official = Vectors.elements(ALL.path("filters"))
                .filter(f -> f.path("who").asText().startsWith("@azure/event-hubs"))
                .toList();
        assertThat(official).isNotEmpty();
        return official.stream();
    }

    @ParameterizedTest
    @MethodSource("filters")
    void writes_selectors_as_the_official_client_does(JsonNode c) {
        StartPosition start =
                switch (c.path("start").asText()) {
                    case "end" -> StartPosition.latest();
                    case "sequence 41" -> new StartPosition.AtSequenceNumber(41, true);
                    default -> StartPosition.after(Instant.ofEpochMilli(1733000000000L));
                };
        assertThat(start.selector()).isEqualTo(c.path("value").path("string").asText());
    }

    @Test
    void reads_the_recorded_answer_with_the_partitions() {
        Sections answer = read(ALL.path("management_eventhub").path("answer").path("sections"));
        assertThat((Object[]) ((Map<?, ?>) answer.value()).get("partition_ids")).containsExactly("0", "1", "2", "3");
        assertThat(answer.applicationProperties()).containsEntry("status-code", 200);
    }
}
