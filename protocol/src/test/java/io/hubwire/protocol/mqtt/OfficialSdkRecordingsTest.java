package io.hubwire.protocol.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.SystemProperty;
import io.hubwire.protocol.mqtt.DeviceToHub.Telemetry;
import io.hubwire.protocol.vectors.Vectors;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the official SDKs put on the wire: {@code vectors/official-sdk-recordings.json}, its MQTT part. */
class OfficialSdkRecordingsTest {
    private static final Map<String, SystemProperty> SYSTEM = Map.of(
            "messageId", SystemProperty.MESSAGE_ID,
            "correlationId", SystemProperty.CORRELATION_ID,
            "userId", SystemProperty.USER_ID,
            "contentType", SystemProperty.CONTENT_TYPE,
            "contentEncoding", SystemProperty.CONTENT_ENCODING,
            "expiryTimeUtc", SystemProperty.EXPIRY,
            "interfaceId", SystemProperty.INTERFACE_ID,
            "componentName", SystemProperty.COMPONENT,
            "outputName", SystemProperty.OUTPUT_NAME);

    static List<JsonNode> rawPackets() {
        return recorded(packet -> packet.has("raw"), 200);
    }

    @ParameterizedTest
    @MethodSource("rawPackets")
    void every_packet_decodes_to_what_was_recorded(JsonNode c) {
        JsonNode p = c.path("packet");
        byte[] raw = Base64.getDecoder().decode(p.path("raw").asText());
        MqttPacket decoded = MqttPackets.decode(raw);

        assertThat(decoded).isEqualTo(expected(p));
        assertThat(MqttPackets.describe(raw)).doesNotContain("malformed", "\n");
    }

    private static MqttPacket expected(JsonNode p) {
        int id = p.path("packetId").asInt();
        return switch (p.path("packet").asText()) {
            case "PUBLISH" ->
                new MqttPacket.Publish(
                        p.path("topic").asText(),
                        p.path("qos").asInt(),
                        p.path("dup").asBoolean(),
                        p.path("retain").asBoolean(),
                        p.has("packetId") ? id : null,
                        p.path("payload").asText().getBytes(StandardCharsets.UTF_8));
            case "SUBSCRIBE" ->
                new MqttPacket.Subscribe(
                        id,
                        Vectors.elements(p.path("subscriptions"))
                                .map(s -> new MqttPacket.Filter(
                                        s.path("topic").asText(), s.path("qos").asInt()))
                                .toList());
            case "UNSUBSCRIBE" ->
                new MqttPacket.Unsubscribe(
                        id,
                        Vectors.elements(p.path("topics")).map(JsonNode::asText).toList());
            case "PUBACK" -> new MqttPacket.Acknowledgement("PUBACK", id);
            case "DISCONNECT" -> new MqttPacket.Signal("DISCONNECT");
            default -> throw new AssertionError("no such packet: " + p);
        };
    }

    static List<JsonNode> connects() {
        return recorded(packet -> packet.path("packet").asText().equals("CONNECT"), 20);
    }

    @ParameterizedTest
    @MethodSource("connects")
    void every_user_name_is_understood_and_names_the_client(JsonNode c) {
        String userName = c.path("packet").path("username").asText();
        String clientId = c.path("packet").path("clientId").asText();
        DpsUserName.parse(userName)
                .ifPresentOrElse(
                        dps -> assertThat(DpsUserName.parse(dps.format()))
                                .contains(dps)
                                .get()
                                .extracting(DpsUserName::registrationId)
                                .isEqualTo(clientId),
                        () -> {
                            MqttUserName hub = MqttUserName.parse(userName);
                            assertThat(hub.identity().clientId()).isEqualTo(clientId);
                            assertThat(hub.apiVersion()).isNotNull();
                            assertThat(MqttUserName.parse(hub.format())).isEqualTo(hub);
                        });
    }

    static List<JsonNode> publishes() {
        return recorded(packet -> packet.path("packet").asText().equals("PUBLISH"), 100);
    }

    @ParameterizedTest
    @MethodSource("publishes")
    void every_topic_is_read_and_written_again_with_the_same_meaning(JsonNode c) {
        String topic = c.path("packet").path("topic").asText();
        if (topic.startsWith("$dps/")) {
            DpsTopic.Request request = DpsTopic.parseRequest(topic).orElseThrow();
            assertThat(
                            request instanceof DpsTopic.Poll poll
                                    ? DpsTopic.formatPoll(poll.requestId(), poll.operationId())
                                    : DpsTopic.formatRegister(request.requestId()))
                    .isEqualTo(topic);
            return;
        }
        DeviceToHub read = DeviceToHub.parse(topic);
        assertThat(read).isNotInstanceOf(DeviceToHub.Unrecognized.class);
        assertThat(DeviceToHub.parse(ours(read))).isEqualTo(read);
    }

    private static String ours(DeviceToHub read) {
        if (read instanceof Telemetry t) {
            return TelemetryTopic.format(t.sender(), t.properties());
        }
        if (read instanceof DeviceToHub.TwinGet t) {
            return TwinTopic.formatGet(t.requestId());
        }
        if (read instanceof DeviceToHub.TwinReport t) {
            return TwinTopic.formatReport(t.requestId(), t.baseVersion());
        }
        DeviceToHub.MethodResponse t = (DeviceToHub.MethodResponse) read;
        return MethodTopic.formatResponse(t.status(), t.requestId());
    }

    static List<JsonNode> telemetryWithInput() {
        return Vectors.elements(Vectors.file("official-sdk-recordings.json").path("cases"))
                .filter(c -> c.path("packet").path("topic").asText().contains("/messages/events/"))
                .filter(c -> c.path("input").has("system"))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("telemetryWithInput")
    void the_hub_sees_what_the_application_sent(JsonNode c) {
        JsonNode input = c.path("input");
        Telemetry read =
                TelemetryTopic.parse(c.path("packet").path("topic").asText()).orElseThrow();
        Message message = read.properties().toMessage(new byte[0]);
        boolean java = c.path("sdk").asText().equals("java");

        Map<String, String> application = new LinkedHashMap<>();
        for (JsonNode pair : input.path("properties")) {
            String value = pair.get(1).asText();
            if (!value.isEmpty()) {
                application.put(pair.get(0).asText(), value);
            } else if (!java) { // which drops them
                application.put(pair.get(0).asText(), null);
            }
        }
        assertThat(message.properties()).isEqualTo(application);
        input.path("system").properties().forEach(given -> {
            if (SYSTEM.containsKey(given.getKey()) && !(java && given.getKey().equals("expiryTimeUtc"))) {
                assertThat(message.get(SYSTEM.get(given.getKey())))
                        .as(given.getKey())
                        .contains(given.getValue().asText());
            }
        });
    }

    static List<JsonNode> subscribes() {
        return recorded(packet -> packet.path("packet").asText().equals("SUBSCRIBE"), 30);
    }

    @ParameterizedTest
    @MethodSource("subscribes")
    void every_filter_is_served(JsonNode c) {
        for (JsonNode subscription : c.path("packet").path("subscriptions")) {
            String filter = subscription.path("topic").asText();
            Identity subscriber = !filter.startsWith("devices/")
                    ? Identity.device("dev-1")
                    : filter.contains("/modules/") ? Identity.module("dev-1", "mod-1") : device(filter);
            assertThat(filter.equals(DpsTopic.FILTER)
                            || !HubSubscription.of(subscriber, filter).isEmpty())
                    .as(filter)
                    .isTrue();
        }
    }

    static List<String> deliveredTopics() {
        List<String> delivered = new ArrayList<>();
        Vectors.elements(Vectors.file("official-sdk-recordings.json").path("cases"))
                .map(c -> c.path("packet").path("note").path("delivered"))
                .filter(JsonNode::isTextual)
                .forEach(topic -> delivered.add(topic.asText()));
        assertThat(delivered).hasSizeGreaterThan(10);
        return delivered;
    }

    @ParameterizedTest
    @MethodSource("deliveredTopics")
    void what_the_sdks_could_read_we_write_alike(String topic) {
        HubToDevice read = HubToDevice.parse(topic);
        String ours = read instanceof HubToDevice.CloudToDevice c2d
                ? DeviceboundTopic.format(c2d.receiver(), c2d.properties())
                : MethodTopic.formatRequest(
                        ((HubToDevice.MethodRequest) read).method(), ((HubToDevice.MethodRequest) read).requestId());
        assertThat(ours).isEqualTo(topic);
    }

    private static Identity device(String filter) {
        return Identity.device(filter.split("/")[1]);
    }

    private static List<JsonNode> recorded(Predicate<JsonNode> wanted, int atLeast) {
        List<JsonNode> cases = Vectors.elements(
                        Vectors.file("official-sdk-recordings.json").path("cases"))
                .filter(c -> c.path("packet").path("transport").asText().startsWith("mqtt"))
                .filter(c -> wanted.test(c.path("packet")))
                .toList();
        assertThat(cases).hasSizeGreaterThan(atLeast);
        return cases;
    }
}
