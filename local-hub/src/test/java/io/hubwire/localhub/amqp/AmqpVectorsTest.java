package io.hubwire.localhub.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.EventLog.PartitionInfo;
import io.hubwire.localhub.engine.EventLog.Start;
import io.hubwire.localhub.engine.EventLog.Stored;
import io.hubwire.localhub.engine.FeedbackQueue.Batch;
import io.hubwire.localhub.engine.HubException;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.SystemProperty;
import io.hubwire.protocol.vectors.AmqpNotation;
import io.hubwire.protocol.vectors.Vectors;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.qpid.protonj2.buffer.ProtonBuffer;
import org.apache.qpid.protonj2.types.Symbol;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Cases that came from outside, as the hub's side of them. */
class AmqpVectorsTest {
    private static final JsonNode ALL = Vectors.file("amqp.json");

    private final SectionWriter writer = new SectionWriter();

    static Stream<JsonNode> addresses() {
        return cases("addresses");
    }

    @ParameterizedTest
    @MethodSource("addresses")
    void knows_every_form_of_address(JsonNode c) {
        String in = c.path("in").asText();
        assertThat(NodeAddress.normalise(in)).isEqualTo(c.path("normal").asText());
        assertThat(NodeAddress.parse(in).getClass().getSimpleName())
                .isEqualToIgnoringCase(
                        switch (c.path("kind").asText()) {
                            case "c2d" -> "Devicebound";
                            default -> c.path("kind").asText();
                        });
    }

    static Stream<JsonNode> filters() {
        return cases("filters");
    }

    @ParameterizedTest
    @MethodSource("filters")
    void reads_every_selector(JsonNode c) {
        ObjectNode described = ((ObjectNode) Vectors.file("amqp.json")).objectNode();
        described.putObject("described").set("descriptor", c.path("descriptor"));
        ((ObjectNode) described.path("described")).set("value", c.path("value"));

        Start start = SelectorFilter.parse(Map.of(SelectorFilter.KEY, AmqpNotation.value(described)));

        assertThat(start)
                .isEqualTo(
                        switch (c.path("start").asText()) {
                            case "end" -> new Start.Latest();
                            case "sequence 41" -> new Start.SequenceNumber(41, true);
                            case "first event later than that ms" ->
                                new Start.Time(Instant.ofEpochMilli(1733000000000L));
                            default -> throw new AssertionError("no expectation for " + c);
                        });
    }

    @Test
    void starts_at_the_earliest_event_without_a_selector_and_at_minus_one() {
        JsonNode filter = ALL.path("telemetry_event").path("link").path("filter");
        Map<Symbol, Object> asked = new LinkedHashMap<>();
        AmqpNotation.map(filter).forEach((k, v) -> asked.put((Symbol) k, v));

        assertThat(SelectorFilter.parse(asked)).isEqualTo(new Start.Earliest());
        assertThat(SelectorFilter.parse((Map<Symbol, Object>) null)).isEqualTo(new Start.Earliest());
        assertThat(SelectorFilter.parse(Map.of(SelectorFilter.KEY, "amqp.annotation.x-opt-offset >= '1440'")))
                .isEqualTo(new Start.Offset("1440", true));
        assertThat(SelectorFilter.parse("amqp.annotation.x-opt-sequence-number > 2995"))
                .isEqualTo(new Start.SequenceNumber(2995, false));
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.ValueSource(
            strings = {
                "",
                "x-opt-offset > '1'",
                "amqp.annotation.x-opt-offset < '1'",
                "amqp.annotation.x-opt-colour > '1'",
                "amqp.annotation.x-opt-sequence-number > 'one'",
                "amqp.annotation.x-opt-enqueued-time > '99999999999999999999'",
                "amqp.annotation.x-opt-offset > '1"
            })
    void refuses_a_selector_it_does_not_know(String expression) {
        assertThatThrownBy(() -> SelectorFilter.parse(expression))
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.error()).isEqualTo(HubError.ARGUMENT_INVALID));
    }

    static Stream<String> events() {
        return Stream.of("telemetry_event", "telemetry_event_module_pnp");
    }

    @ParameterizedTest
    @MethodSource("events")
    void writes_an_event_with_every_type_as_recorded(String name) {
        JsonNode sections = ALL.path(name).path("sections");
        Stored event = stored(sections);

        assertThat(AmqpNotation.describe(new EventEncoder(writer).encode(event, null, Instant.EPOCH)))
                .isEqualTo(AmqpNotation.describe(sections));
    }

    @Test
    void a_property_without_a_value_is_handed_on_with_an_empty_one() {
        Message message = Message.builder("x")
                .property("bare", null)
                .property("empty", "")
                .build();
        Stored event = new Stored(0, 0, "0", Instant.EPOCH, Identity.device("d"), message, Map.of());

        assertThat(AmqpNotation.describe(new EventEncoder(writer).encode(event, null, Instant.EPOCH)))
                .containsEntry("application-properties", Map.of("String:bare", "String:", "String:empty", "String:"));
    }

    @Test
    void tells_a_tracking_reader_what_the_end_of_the_partition_is() {
        Stored event = stored(ALL.path("telemetry_event").path("sections"));
        PartitionInfo end = new PartitionInfo(2, 0, 99, "23760", Instant.ofEpochMilli(1733000009000L));

        Map<String, Object> encoded = AmqpNotation.describe(
                new EventEncoder(writer).encode(event, end, Instant.ofEpochMilli(1733000009500L)));

        ObjectNode section = ((ObjectNode) ALL.path("tracked_event_delivery_annotations")).deepCopy();
        assertThat(encoded)
                .containsAllEntriesOf(AmqpNotation.describe(section.arrayNode().add(section)));
    }

    @Test
    void takes_a_c2d_message_with_an_id_of_any_type() {
        DeviceboundDecoder.Addressed read = decodeC2d("c2d_message");
        assertThat(read.target()).isEqualTo(Identity.device("dev1"));
        assertThat(read.message().text()).isEqualTo("hello");
        assertThat(read.message().properties()).isEqualTo(Map.of("a", "1"));
        assertThat(read.message().system())
                .containsEntry(SystemProperty.MESSAGE_ID, "3f1c6f0e-52ab-4c57-8c2e-0a4f4d1f9b11")
                .containsEntry(SystemProperty.ACK, "full")
                .containsEntry(SystemProperty.CONTENT_TYPE, "text/plain")
                .containsEntry(SystemProperty.CONTENT_ENCODING, "utf-8");
        assertThat(Instant.parse(read.message().expiry().orElseThrow()))
                .isEqualTo(Instant.ofEpochMilli(1733000060000L));

        DeviceboundDecoder.Addressed plain = decodeC2d("c2d_message_string_id");
        assertThat(plain.message().messageId()).contains("plain-id");
        assertThat(plain.message().get(SystemProperty.ACK)).contains("none");
    }

    @Test
    void writes_a_feedback_batch_as_recorded() throws Exception {
        JsonNode sections = ALL.path("feedback_batch").path("sections");
        List<ObjectNode> records = new ArrayList<>();
        new com.fasterxml.jackson.databind.ObjectMapper()
                .readTree(sections.get(2).path("data").asText())
                .forEach(r -> records.add((ObjectNode) r));
        Batch batch = new Batch("0a55c7b2-7d4e-4f7b-9d5c-61f3c8b9a001", records, Instant.ofEpochMilli(1733000031000L));

        Map<String, Object> encoded = AmqpNotation.describe(new FeedbackEncoder(writer, "myhub").encode(batch));

        assertThat(encoded).isEqualTo(AmqpNotation.describe(sections));
    }

    static Stream<JsonNode> tokenRequests() {
        return cases("cbs_put_token_request");
    }

    @ParameterizedTest
    @MethodSource("tokenRequests")
    void answers_a_request_with_its_id_in_its_own_type(JsonNode c) {
        Sections request = read(c.path("sections"));
        Object id = request.properties().getMessageId();

        Map<String, Object> ok =
                AmqpNotation.describe(RequestNode.Answer.ok(null).encode(id, writer));

        Map<String, Object> expected = AmqpNotation.describe(
                ALL.path("cbs_put_token_answer").path("ok").path("sections"));
        assertThat(ok.get("application-properties")).isEqualTo(expected.get("application-properties"));
        assertThat(ok.get("amqp-value")).isEqualTo(expected.get("amqp-value"));
        assertThat(ok.get("properties"))
                .isEqualTo(Map.of("correlation-id", id.getClass().getSimpleName() + ":" + id));
    }

    @Test
    void refuses_a_token_in_the_recorded_form() {
        Map<String, Object> refused = AmqpNotation.describe(
                new RequestNode.Answer(401, "Unauthorized", Conditions.UNAUTHORIZED, null).encode("x", writer));

        assertThat(refused.get("application-properties"))
                .isEqualTo(AmqpNotation.describe(
                                ALL.path("cbs_put_token_answer").path("refused").path("sections"))
                        .get("application-properties"));
    }

    @Test
    void maps_the_c2d_outcomes_to_their_conditions() {
        assertThat(Conditions.of(HubError.DEVICE_NOT_FOUND)).isEqualTo("amqp:not-found");
        assertThat(Conditions.of(HubError.MODULE_NOT_FOUND)).isEqualTo("amqp:not-found");
        assertThat(Conditions.of(HubError.DEVICE_MAXIMUM_QUEUE_DEPTH_EXCEEDED))
                .isEqualTo("amqp:resource-limit-exceeded");
        assertThat(Conditions.of(HubError.MESSAGE_TOO_LARGE)).isEqualTo("amqp:link:message-size-exceeded");
        assertThat(Conditions.of(HubError.INVALID_MESSAGE_EXPIRY_TIME))
                .isEqualTo("com.microsoft:argument-out-of-range");
        assertThat(Conditions.of(HubError.ARGUMENT_INVALID)).isEqualTo("com.microsoft:argument-error");
        assertThat(Conditions.of(HubError.THROTTLING_EXCEPTION)).isEqualTo("com.microsoft:device-container-throttled");
    }

    private static DeviceboundDecoder.Addressed decodeC2d(String name) {
        return DeviceboundDecoder.decode(read(ALL.path(name).path("sections")));
    }

    private static Sections read(JsonNode sections) {
        ProtonBuffer message = AmqpNotation.encode(sections);
        return Sections.read(message, Codecs.newDecoder());
    }

    /** The event as the engine would hold it. */
    private static Stored stored(JsonNode sections) {
        Map<Object, Object> annotations = new LinkedHashMap<>();
        Message.Builder message = null;
        for (JsonNode section : sections) {
            if (section.has("message-annotations")) {
                annotations.putAll(AmqpNotation.map(section.path("message-annotations")));
            } else if (section.has("data")) {
                JsonNode data = section.path("data");
                message = data.isTextual()
                        ? Message.builder(data.asText())
                        : Message.builder(
                                HexFormat.of().parseHex(data.path("hex").asText()));
            }
        }
        Message.Builder built = message;
        for (JsonNode section : sections) {
            section.path("properties").fields().forEachRemaining(field -> {
                Object value = AmqpNotation.value(field.getValue());
                SystemProperty name = Stream.of(SystemProperty.values())
                        .filter(p -> p.eventName().equals(field.getKey()))
                        .findFirst()
                        .orElseThrow();
                built.system(name, DeviceboundDecoder.idText(value));
            });
            AmqpNotation.map(section.path("application-properties"))
                    .forEach((k, v) -> built.property((String) k, (String) v));
        }
        Map<String, Object> byHub = new LinkedHashMap<>();
        annotations.forEach((name, value) -> {
            if (name.toString().equals("dt-subject")) {
                built.system(SystemProperty.COMPONENT, (String) value);
            } else if (name.toString().startsWith("iothub-") && !name.toString().startsWith("iothub-connection-device")
                    || name.toString().equals("dt-dataschema")) {
                byHub.put(name.toString(), value instanceof java.util.Date d ? d.toInstant() : value);
            }
        });
        Object module = byHub.remove("iothub-connection-module-id");
        String device = (String) annotations.get(Symbol.valueOf("iothub-connection-device-id"));
        return new Stored(
                2,
                (Long) annotations.get(Symbol.valueOf("x-opt-sequence-number")),
                (String) annotations.get(Symbol.valueOf("x-opt-offset")),
                ((java.util.Date) annotations.get(Symbol.valueOf("x-opt-enqueued-time"))).toInstant(),
                module == null ? Identity.device(device) : Identity.module(device, (String) module),
                built.build(),
                byHub);
    }

    private static Stream<JsonNode> cases(String name) {
        List<JsonNode> cases = Vectors.elements(ALL.path(name)).toList();
        assertThat(cases).as("cases of %s", name).isNotEmpty();
        return cases.stream();
    }
}
