package io.hubwire.localhub.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.hubwire.auth.ConnectionString;
import io.hubwire.auth.SasToken;
import io.hubwire.localhub.LocalHub;
import io.hubwire.localhub.LocalHubOptions;
import io.hubwire.localhub.PahoDevice;
import io.hubwire.localhub.TestDevices;
import io.hubwire.localhub.engine.EventLog.Stored;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.mqtt.MqttUserName;
import io.hubwire.protocol.vectors.Vectors;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What official SDKs send, as recorded in {@code mqtt-topics.json}, through a real client into the hub. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VectorsOverMqttTest {
    private static final String HOST = "contoso.azure-devices.net";
    private static final List<JsonNode> VECTORS = Vectors.cases("mqtt-topics.json");
    private static final int CONNACK_BYTES = 4;
    private static final int PUBACK_BYTES = 4;
    private LocalHub hub = null;

    @BeforeAll
    void start() {
        hub = LocalHub.start(LocalHubOptions.builder().host(HOST).build());
    }

    @AfterAll
    void stop() {
        hub.close();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("telemetry")
    void stores_every_spelling_of_telemetry_as_the_hub_decodes_it(String name, JsonNode vector) throws Exception {
        String topic = vector.path("topic").asText();
        Identity sender = sender(topic);
        // bytes by hand: Paho refuses to send some of the characters that other clients do send
        try (SilentClient device = SilentClient.connect(hub, sender, 60)) {
            device.read(CONNACK_BYTES);
            int before = TestDevices.events(hub, sender).size();
            List<String> spellings = spellings(vector);
            for (int i = 1; i <= spellings.size(); i++) {
                device.send(SilentClient.publishPacket(spellings.get(i - 1), i, "{}"));
                assertThat(device.read(PUBACK_BYTES)).containsExactly(0x40, 2, 0, i);
            }
            List<Stored> events = TestDevices.events(hub, sender);
            assertThat(events).hasSize(before + spellings.size());
            for (Stored event : events.subList(before, events.size())) {
                assertThat(application(event.message())).isEqualTo(textsOf(vector.at("/hubDecoded/application")));
                assertThat(system(event.message())).isEqualTo(textsOf(vector.at("/hubDecoded/system")));
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("userNames")
    void reads_every_user_name_that_sdks_send(String name, JsonNode vector) throws Exception {
        Identity identity =
                registered(MqttUserName.parse(vector.path("topic").asText()).identity());
        // a gateway's: $edgeHub has no key of its own
        ConnectionString policy = ConnectionString.parse(hub.connectionString("device"));
        String token = SasToken.sign(
                        HOST + "/devices",
                        policy.key().orElseThrow(),
                        Instant.now().plusSeconds(3600),
                        "device")
                .text();
        for (String spelling : spellings(vector)) {
            try (PahoDevice device =
                    PahoDevice.raw(hub, identity.clientId()).userName(spelling).password(token)) {
                device.connect();
                assertThat(device.isConnected()).as(spelling).isTrue();
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("invalidPublishes")
    void cuts_the_connection_of_what_a_hub_cannot_take(String name, JsonNode vector) throws Exception {
        Identity identity =
                registered(Identity.device(vector.at("/input/connectedAs").asText()));
        try (PahoDevice device = PahoDevice.of(hub, identity)) {
            device.connect();
            device.send(
                    vector.path("topic").asText(), "", vector.at("/input/qos").asInt());
            assertThat(device.wasCut()).isTrue();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("filters")
    void grants_every_filter_that_sdks_ask_for(String name, JsonNode vector) throws Exception {
        String filter = vector.path("topic").asText();
        Identity identity =
                registered(filter.contains("/modules/") ? Identity.module("dev1", "mod1") : Identity.device("dev1"));
        for (String spelling : spellings(vector)) {
            try (PahoDevice device = PahoDevice.of(hub, identity).cleanSession(true)) {
                device.connect();
                assertThat(device.grantedQos(spelling, 2)).isEqualTo(1);
            }
        }
    }

    static Stream<Arguments> telemetry() {
        // a PUBLISH topic may hold no wildcard
        return ofKind("telemetry", "telemetry-parse")
                .filter(v -> v.path("hubDecoded").isObject())
                .filter(v -> spellings(v).stream().noneMatch(t -> t.contains("+") || t.contains("#")))
                .map(VectorsOverMqttTest::named);
    }

    static Stream<Arguments> userNames() {
        return ofKind("username", "username-parse")
                .filter(v -> v.path("valid").asBoolean(true))
                .filter(v -> v.path("topic").asText().startsWith(HOST))
                .map(VectorsOverMqttTest::named);
    }

    static Stream<Arguments> invalidPublishes() {
        return ofKind("publish-invalid")
                .filter(v -> v.path("expected").asText().equals("disconnect"))
                .map(VectorsOverMqttTest::named);
    }

    static Stream<Arguments> filters() {
        return ofKind("subscribe")
                .filter(v -> !v.path("topic").asText().startsWith("$dps"))
                .map(VectorsOverMqttTest::named);
    }

    private static Arguments named(JsonNode vector) {
        return Arguments.of(vector.path("name").asText(), vector);
    }

    private static Stream<JsonNode> ofKind(String... kinds) {
        List<JsonNode> found = VECTORS.stream()
                .filter(v -> List.of(kinds).contains(v.path("kind").asText()))
                .toList();
        assertThat(found).as("vectors of kind %s", (Object) kinds).isNotEmpty();
        return found.stream();
    }

    private static List<String> spellings(JsonNode vector) {
        Stream<String> accepted = StreamSupport.stream(vector.path("accepted").spliterator(), false)
                .map(JsonNode::asText);
        return Stream.concat(Stream.of(vector.path("topic").asText()), accepted)
                .distinct()
                .toList();
    }

    private Identity sender(String topic) {
        String[] levels = topic.split("/");
        return registered(
                levels[2].equals("modules") ? Identity.module(levels[1], levels[3]) : Identity.device(levels[1]));
    }

    private Identity registered(Identity identity) {
        return TestDevices.find(hub, identity);
    }

    /** At the event endpoint a property without a value is handed on with an empty one. */
    private static Map<String, String> application(Message message) {
        Map<String, String> texts = new TreeMap<>();
        message.properties().forEach((k, v) -> texts.put(k, v == null ? "" : v));
        return texts;
    }

    private static Map<String, String> system(Message message) {
        Map<String, String> texts = new TreeMap<>();
        message.system().forEach((k, v) -> texts.put(k.eventName(), v == null ? "" : v));
        return texts;
    }

    private static Map<String, String> textsOf(JsonNode object) {
        Map<String, String> texts = new TreeMap<>();
        object.properties()
                .forEach(p -> texts.put(
                        p.getKey(), p.getValue().isNull() ? "" : p.getValue().asText()));
        return texts;
    }
}
