package io.hubwire.protocol.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.PropertyBag;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.SystemProperty;
import io.hubwire.protocol.mqtt.DeviceToHub.Telemetry;
import io.hubwire.protocol.mqtt.HubToDevice.CloudToDevice;
import io.hubwire.protocol.mqtt.HubToDevice.ModuleInput;
import io.hubwire.protocol.vectors.Vectors;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every case of {@code vectors/mqtt-topics.json}: strings that official SDKs and the live service put on the wire. */
class TopicVectorsTest {
    private static final String FILE = "mqtt-topics.json";
    private static final Set<String> TESTED_KINDS = Set.of(
            "telemetry",
            "telemetry-parse",
            "c2d",
            "module-input",
            "method-request",
            "method-response",
            "twin-get",
            "twin-patch",
            "twin-response",
            "twin-desired",
            "dps-register",
            "dps-status",
            "dps-response",
            "publish-invalid",
            "subscribe",
            "subscribe-invalid",
            "username",
            "username-parse");

    private static final Identity DEV1 = Identity.device("dev1");

    private static final Map<String, SystemProperty> BY_EVENT_NAME = Stream.of(SystemProperty.values())
            .collect(Collectors.toMap(SystemProperty::eventName, Function.identity()));

    @Test
    void no_kind_of_case_goes_untested() {
        assertThat(Vectors.cases(FILE)).extracting(c -> c.path("kind").asText()).allMatch(TESTED_KINDS::contains);
    }

    static List<JsonNode> telemetry() {
        return Vectors.cases(FILE, "telemetry");
    }

    @ParameterizedTest
    @MethodSource("telemetry")
    void telemetry_is_written_in_the_documented_form(JsonNode c) {
        JsonNode input = c.path("input");
        Map<String, String> values = strings(input.path("system"));
        input.path("properties").forEach(pair -> values.put(pair.get(0).asText(), textOrNull(pair.get(1))));
        PropertyBag bag = new PropertyBag(values);

        assertThat(TelemetryTopic.format(identity(input), bag)).isEqualTo(topic(c));
        Message message = bag.toMessage(new byte[0]);
        assertThat(pairs(TelemetryTopic.format(identity(input), message))).isEqualTo(pairs(topic(c)));
    }

    @ParameterizedTest
    @MethodSource("telemetry")
    void telemetry_is_read_from_every_accepted_spelling(JsonNode c) {
        assertThat(c.path("accepted")).isNotEmpty();
        for (JsonNode accepted : c.path("accepted")) {
            assertThat(hubSees(accepted.asText())).as(accepted.asText()).isEqualTo(decoded(c.path("hubDecoded")));
        }
    }

    @ParameterizedTest
    @MethodSource("telemetry")
    void telemetry_of_sdks_that_disagree_is_read_as_the_hub_reads_it(JsonNode c) {
        for (JsonNode other : c.path("disagree")) {
            assertReadAs(other.path("topic").asText(), other.path("hubSees"));
        }
    }

    static List<JsonNode> telemetryToParse() {
        return Vectors.cases(FILE, "telemetry-parse");
    }

    @ParameterizedTest
    @MethodSource("telemetryToParse")
    void raw_telemetry_topics_are_read_as_the_hub_reads_them(JsonNode c) {
        assertReadAs(topic(c), c.path("hubDecoded"));
    }

    static List<JsonNode> cloudToDevice() {
        return Vectors.cases(FILE, "c2d");
    }

    @ParameterizedTest
    @MethodSource("cloudToDevice")
    void cloud_to_device_topics_are_read_by_a_device(JsonNode c) {
        CloudToDevice read = DeviceboundTopic.parse(topic(c)).orElseThrow();

        assertThat(HubToDevice.parse(topic(c))).isEqualTo(read);
        assertThat(read.receiver()).isEqualTo(DEV1);
        assertThat(byMqttKey(read.properties())).isEqualTo(expected(c));
        String rewritten = DeviceboundTopic.format(DEV1, read.properties());
        assertThat(DeviceboundTopic.parse(rewritten)).contains(read);
    }

    static List<JsonNode> moduleInputs() {
        return Vectors.cases(FILE, "module-input");
    }

    @ParameterizedTest
    @MethodSource("moduleInputs")
    void module_input_topics_are_read_by_a_module(JsonNode c) {
        ModuleInput read = ModuleInputTopic.parse(topic(c)).orElseThrow();

        assertThat(HubToDevice.parse(topic(c))).isEqualTo(read);
        assertThat(read.receiver()).isEqualTo(Identity.module("dev1", "mod1"));
        assertThat(read.input()).isEqualTo(c.path("input").path("inputName").asText());
        assertThat(byMqttKey(read.properties())).isEqualTo(expected(c));
        String rewritten = ModuleInputTopic.format(read.receiver(), read.input(), read.properties());
        assertThat(ModuleInputTopic.parse(rewritten)).contains(read);
    }

    static List<JsonNode> methodRequests() {
        return Vectors.cases(FILE, "method-request");
    }

    @ParameterizedTest
    @MethodSource("methodRequests")
    void method_requests_are_written_and_read(JsonNode c) {
        String method = c.path("input").path("method").asText();
        assertThat(MethodTopic.formatRequest(method, rid(c))).isEqualTo(topic(c));
        assertThat(HubToDevice.parse(topic(c))).isEqualTo(new HubToDevice.MethodRequest(method, rid(c)));
    }

    static List<JsonNode> methodResponses() {
        return Vectors.cases(FILE, "method-response");
    }

    @ParameterizedTest
    @MethodSource("methodResponses")
    void method_responses_are_written_and_read(JsonNode c) {
        int status = c.path("input").path("status").asInt();
        assertThat(MethodTopic.formatResponse(status, rid(c))).isEqualTo(topic(c));
        assertThat(DeviceToHub.parse(topic(c))).isEqualTo(new DeviceToHub.MethodResponse(status, rid(c)));
    }

    static List<JsonNode> twinRequests() {
        return Vectors.cases(FILE, "twin-get", "twin-patch");
    }

    @ParameterizedTest
    @MethodSource("twinRequests")
    void twin_requests_are_written_and_read(JsonNode c) {
        // a reserved character in a request id is the caller's to encode, since the id is echoed unread
        String rid = rid(c).replace("&", "%26");
        if (c.path("kind").asText().equals("twin-get")) {
            assertThat(TwinTopic.formatGet(rid)).isEqualTo(topic(c));
            assertThat(DeviceToHub.parse(topic(c))).isEqualTo(new DeviceToHub.TwinGet(rid));
        } else {
            assertThat(TwinTopic.formatReport(rid, version(c))).isEqualTo(topic(c));
            assertThat(DeviceToHub.parse(topic(c))).isEqualTo(new DeviceToHub.TwinReport(rid, version(c)));
        }
    }

    static List<JsonNode> twinResponses() {
        return Vectors.cases(FILE, "twin-response");
    }

    @ParameterizedTest
    @MethodSource("twinResponses")
    void twin_responses_are_written_and_read(JsonNode c) {
        int status = c.path("input").path("status").asInt();
        assertThat(TwinTopic.formatResponse(status, rid(c), version(c))).isEqualTo(topic(c));
        assertThat(HubToDevice.parse(topic(c))).isEqualTo(new HubToDevice.TwinResponse(status, rid(c), version(c)));
    }

    static List<JsonNode> desiredChanges() {
        return Vectors.cases(FILE, "twin-desired");
    }

    @ParameterizedTest
    @MethodSource("desiredChanges")
    void notices_of_desired_properties_are_written_and_read(JsonNode c) {
        long version = c.path("input").path("version").asLong();
        assertThat(TwinTopic.formatDesired(version)).isEqualTo(topic(c));
        assertThat(HubToDevice.parse(topic(c))).isEqualTo(new HubToDevice.DesiredChange(version));
    }

    static List<JsonNode> dpsRequests() {
        return Vectors.cases(FILE, "dps-register", "dps-status");
    }

    @ParameterizedTest
    @MethodSource("dpsRequests")
    void dps_requests_are_written_and_read(JsonNode c) {
        if (c.path("kind").asText().equals("dps-register")) {
            assertThat(DpsTopic.formatRegister(rid(c))).isEqualTo(topic(c));
            assertThat(DpsTopic.parseRequest(topic(c))).contains(new DpsTopic.Register(rid(c)));
        } else {
            String operation = c.path("input").path("operationId").asText();
            assertThat(DpsTopic.formatPoll(rid(c), operation)).isEqualTo(topic(c));
            assertThat(DpsTopic.parseRequest(topic(c))).contains(new DpsTopic.Poll(rid(c), operation));
        }
    }

    static List<JsonNode> dpsResponses() {
        return Vectors.cases(FILE, "dps-response");
    }

    @ParameterizedTest
    @MethodSource("dpsResponses")
    void dps_responses_are_written_and_read_in_any_order(JsonNode c) {
        int status = c.path("input").path("status").asInt();
        JsonNode seconds = c.path("input").path("retryAfter");
        Duration retryAfter = seconds.isMissingNode() ? null : Duration.ofSeconds(seconds.asLong());
        assertThat(DpsTopic.formatResponse(status, rid(c), retryAfter)).isEqualTo(topic(c));
        for (String accepted : accepted(c)) {
            assertThat(DpsTopic.parseResponse(accepted)).contains(new DpsTopic.Response(status, rid(c), retryAfter));
        }
    }

    static List<JsonNode> invalidPublishes() {
        return Vectors.cases(FILE, "publish-invalid");
    }

    @ParameterizedTest
    @MethodSource("invalidPublishes")
    void publishes_that_end_a_connection_are_malformed_unknown_or_of_someone_else(JsonNode c) {
        assertThat(c.path("expected").asText()).isEqualTo("disconnect");
        Identity connected = Identity.device(c.path("input").path("connectedAs").asText());
        if (topic(c).startsWith("$iothub/")) {
            assertThatThrownBy(() -> DeviceToHub.parse(topic(c))).isInstanceOf(RemoteProtocolException.class);
        } else if (topic(c).startsWith("devices/")) {
            Telemetry telemetry = (Telemetry) DeviceToHub.parse(topic(c));
            boolean forbidden = !telemetry.sender().equals(connected)
                    || c.path("input").path("qos").asInt() == 2;
            assertThat(forbidden).isTrue();
        } else {
            assertThat(DeviceToHub.parse(topic(c))).isEqualTo(new DeviceToHub.Unrecognized(topic(c)));
        }
    }

    static List<JsonNode> subscribes() {
        return Vectors.cases(FILE, "subscribe");
    }

    @ParameterizedTest
    @MethodSource("subscribes")
    void filters_are_written_and_known_to_the_hub(JsonNode c) {
        String feature = c.path("input").path("feature").asText("c2d");
        Identity module = Identity.module("dev1", "mod1");
        Identity subscriber = feature.startsWith("module") ? module : DEV1;
        String ours =
                switch (feature) {
                    case "c2d", "module-c2d-java" -> DeviceboundTopic.filter(subscriber);
                    case "module-inputs" -> ModuleInputTopic.filter(subscriber);
                    case "methods" -> MethodTopic.FILTER;
                    case "twin-res" -> TwinTopic.RESPONSE_FILTER;
                    case "twin-desired" -> TwinTopic.DESIRED_FILTER;
                    case "dps" -> DpsTopic.FILTER;
                    default -> throw new AssertionError("no such feature: " + feature);
                };
        assertThat(ours).isEqualTo(topic(c));
        for (String accepted : accepted(c)) {
            Set<HubSubscription> served = HubSubscription.of(subscriber, accepted);
            assertThat(served.isEmpty()).isEqualTo(feature.equals("dps"));
            if (feature.equals("module-inputs")) {
                assertThat(served).contains(HubSubscription.MODULE_INPUTS);
            }
        }
    }

    static List<JsonNode> unknownFilters() {
        return Vectors.cases(FILE, "subscribe-invalid");
    }

    @ParameterizedTest
    @MethodSource("unknownFilters")
    void unknown_filters_are_served_nothing(JsonNode c) {
        assertThat(HubSubscription.of(DEV1, topic(c))).isEmpty();
    }

    static List<JsonNode> userNames() {
        return Vectors.cases(FILE, "username");
    }

    @ParameterizedTest
    @MethodSource("userNames")
    void user_names_are_written_in_the_documented_form_and_read_in_every_accepted_one(JsonNode c) {
        JsonNode in = c.path("input");
        if (in.has("idScope")) {
            DpsUserName ours = new DpsUserName(
                    in.path("idScope").asText(),
                    in.path("registrationId").asText(),
                    in.path("apiVersion").asText(),
                    null);
            assertThat(ours.format()).isEqualTo(topic(c));
            for (String accepted : accepted(c)) {
                DpsUserName read = DpsUserName.parse(accepted).orElseThrow();
                assertThat(read.idScope()).isEqualTo(ours.idScope());
                assertThat(read.registrationId()).isEqualTo(c.path("clientId").asText());
                assertThat(read.apiVersion()).matches("\\d{4}-\\d\\d-\\d\\d");
            }
            return;
        }
        MqttUserName ours = new MqttUserName(
                in.path("host").asText(),
                identity(in),
                in.path("apiVersion").asText(),
                textOrNull(in.get("productInfo")),
                textOrNull(in.get("modelId")),
                null);
        assertThat(ours.format()).isEqualTo(topic(c));
        assertThat(ours.identity().clientId()).isEqualTo(c.path("clientId").asText());
        for (String accepted : accepted(c)) {
            MqttUserName read = MqttUserName.parse(accepted);
            assertThat(DpsUserName.parse(accepted)).isEmpty();
            assertThat(read.apiVersion()).matches("\\d{4}-\\d\\d-\\d\\d");
            assertThat(new MqttUserName(
                            read.host(), read.identity(), ours.apiVersion(), read.clientType(), read.modelId(), null))
                    .as(accepted)
                    .isEqualTo(ours);
        }
    }

    static List<JsonNode> userNamesToParse() {
        return Vectors.cases(FILE, "username-parse");
    }

    @ParameterizedTest
    @MethodSource("userNamesToParse")
    void raw_user_names_are_taken_or_refused_as_the_hub_does(JsonNode c) {
        if (!c.path("valid").asBoolean()) {
            assertThatThrownBy(() -> MqttUserName.parse(topic(c))).isInstanceOf(RemoteProtocolException.class);
            return;
        }
        MqttUserName read = MqttUserName.parse(topic(c));
        assertThat(read.host()).isEqualTo("contoso.azure-devices.net");
        assertThat(read.identity().deviceId()).isEqualTo("dev1");
        assertThat(topic(c).contains("api-version=")).isEqualTo(read.apiVersion() != null);
        if (read.apiVersion() != null) { // the first one, when there are two
            assertThat(topic(c).split("api-version=", 2)[1]).startsWith(read.apiVersion());
        }
    }

    private static void assertReadAs(String topic, JsonNode expected) {
        if (expected.isTextual()) {
            assertThat(expected.asText()).startsWith("DISCONNECT");
            assertThatThrownBy(() -> TelemetryTopic.parse(topic))
                    .isInstanceOf(RemoteProtocolException.class)
                    .hasMessageContaining("position");
        } else {
            assertThat(hubSees(topic)).isEqualTo(decoded(expected));
        }
    }

    /** System properties under the names that readers of events see, then the application's. */
    private record Seen(Map<SystemProperty, String> system, Map<String, String> application) {}

    private static Seen hubSees(String topic) {
        Telemetry read = TelemetryTopic.parse(topic).orElseThrow();
        assertThat(DeviceToHub.parse(topic)).isEqualTo(read);
        Message message = read.properties().toMessage(new byte[0]);
        return new Seen(message.system(), message.properties());
    }

    private static Seen decoded(JsonNode expected) {
        Map<SystemProperty, String> system = strings(expected.path("system")).entrySet().stream()
                .collect(Collectors.toMap(e -> BY_EVENT_NAME.get(e.getKey()), Map.Entry::getValue));
        return new Seen(system, strings(expected.path("application")));
    }

    private static Map<String, Map<String, String>> byMqttKey(PropertyBag bag) {
        Message message = bag.toMessage(new byte[0]);
        Map<String, String> system = new LinkedHashMap<>();
        message.system().forEach((name, value) -> system.put(name.mqttKey(), value));
        return Map.of("system", system, "application", message.properties());
    }

    private static Map<String, Map<String, String>> expected(JsonNode c) {
        JsonNode expected = c.path("expected");
        assertThat(expected.has("system")).isTrue();
        return Map.of("system", strings(expected.path("system")), "application", strings(expected.path("application")));
    }

    private static Map<String, String> strings(JsonNode object) {
        Map<String, String> out = new LinkedHashMap<>();
        object.fields().forEachRemaining(e -> out.put(e.getKey(), textOrNull(e.getValue())));
        return out;
    }

    private static Set<String> pairs(String topic) {
        return new TreeSet<>(
                List.of(topic.substring(topic.indexOf("/messages/events/")).split("&")));
    }

    private static Identity identity(JsonNode input) {
        String device = input.path("deviceId").asText();
        return input.hasNonNull("moduleId")
                ? Identity.module(device, input.path("moduleId").asText())
                : Identity.device(device);
    }

    private static List<String> accepted(JsonNode c) {
        return c.has("accepted")
                ? Vectors.elements(c.path("accepted")).map(JsonNode::asText).toList()
                : List.of(topic(c));
    }

    private static String textOrNull(JsonNode node) {
        return node == null || node.isNull() ? null : node.asText();
    }

    private static Long version(JsonNode c) {
        JsonNode version = c.path("input").path("version");
        return version.isMissingNode() ? null : Long.valueOf(version.asLong());
    }

    private static String rid(JsonNode c) {
        return c.path("input").path("rid").asText();
    }

    private static String topic(JsonNode c) {
        return c.path("topic").asText();
    }
}
