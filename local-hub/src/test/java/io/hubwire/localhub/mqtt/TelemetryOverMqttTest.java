package io.hubwire.localhub.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.localhub.LocalHub;
import io.hubwire.localhub.PahoDevice;
import io.hubwire.localhub.TestDevices;
import io.hubwire.localhub.engine.EventLog.Stored;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.SystemProperty;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TelemetryOverMqttTest extends OverMqttTest {
    private static final int MAX_MESSAGE_BYTES = 262_144;

    @Test
    void telemetry_is_in_the_event_log_when_its_puback_arrives() throws Exception {
        try (PahoDevice device = connected()) {
            device.publish(topic("%24.mid=1&%24.ct=application%2Fjson&k=v&empty"), "{}");
            Stored event = onlyEvent();
            assertThat(event.message().text()).isEqualTo("{}");
            assertThat(event.message().messageId()).hasValue("1");
            assertThat(event.message().get(SystemProperty.CONTENT_TYPE)).hasValue("application/json");
            assertThat(event.message().properties()).containsEntry("k", "v").containsKey("empty");
        }
    }

    @Test
    void the_hub_adds_who_sent_it_and_how_they_proved_it() throws Exception {
        try (PahoDevice device = PahoDevice.of(hub, identity)
                .userName("localhost/" + identity + "/?api-version=2021-04-12&model-id=dtmi%3Ax%3Ay%3B1")) {
            device.connect();
            device.publish(topic("%24.cdid=somebody-else"), "{}");
            String generation =
                    hub.engine().registry().get(identity).path("generationId").asText();
            assertThat(onlyEvent().annotations())
                    .containsEntry("iothub-connection-device-id", identity.deviceId())
                    .containsEntry("iothub-connection-auth-generation-id", generation)
                    .containsEntry("iothub-message-source", "Telemetry")
                    .containsEntry("dt-dataschema", "dtmi:x:y;1")
                    .doesNotContainKey("iothub-connection-module-id");
            assertThat(onlyEvent().annotations().get("iothub-connection-auth-method"))
                    .asString()
                    .startsWith("{\"scope\":\"device\",\"type\":\"sas\"");
        }
    }

    @Test
    void a_model_needs_an_api_version_that_knows_models() throws Exception {
        try (PahoDevice device = PahoDevice.of(hub, identity)
                .userName("localhost/" + identity + "/?api-version=2019-10-01&model-id=dtmi%3Ax%3Ay%3B1")) {
            device.connect();
            device.publish(topic(""), "{}");
            assertThat(onlyEvent().annotations()).doesNotContainKey("dt-dataschema");
        }
    }

    @Test
    void a_modules_telemetry_is_its_own() throws Exception {
        Identity module = TestDevices.create(hub, Identity.module(identity.deviceId(), "m1"));
        try (PahoDevice client = PahoDevice.of(hub, module)) {
            client.connect();
            client.publish("devices/" + identity + "/modules/m1/messages/events/%24.on=alert/", "{}");
            Stored event = TestDevices.events(hub, module).get(0);
            assertThat(event.message().get(SystemProperty.OUTPUT_NAME)).hasValue("alert");
            assertThat(event.annotations()).containsEntry("iothub-connection-module-id", "m1");
        }
    }

    @Test
    void keeps_the_order_of_a_thousand_messages_in_flight() throws Exception {
        try (PahoDevice device = connected()) {
            List<IMqttDeliveryToken> tokens = new ArrayList<>();
            for (int i = 0; i < 1000; i++) {
                tokens.add(device.send(topic(""), "" + i, 1));
            }
            for (IMqttDeliveryToken token : tokens) {
                token.waitForCompletion(10_000);
            }
            assertThat(TestDevices.events(hub, identity).stream()
                            .map(e -> e.message().text()))
                    .containsExactlyElementsOf(
                            IntStream.range(0, 1000).mapToObj(i -> "" + i).toList());
        }
    }

    @Test
    void takes_telemetry_at_qos_0_too() throws Exception {
        try (PahoDevice device = connected()) {
            device.publish(topic(""), "at most once".getBytes(StandardCharsets.UTF_8), 0, false);
            device.publish(topic(""), "and then this");
            assertThat(TestDevices.events(hub, identity).stream()
                            .map(e -> e.message().text()))
                    .containsExactly("at most once", "and then this");
        }
    }

    @Test
    void turns_the_retain_flag_into_a_property() throws Exception {
        try (PahoDevice device = connected()) {
            device.publish(topic("k=v"), "{}".getBytes(StandardCharsets.UTF_8), 1, true);
            assertThat(onlyEvent().message().properties()).containsEntry("mqtt-retain", "true");
        }
    }

    @Test
    void takes_a_message_of_exactly_256_kib() throws Exception {
        try (PahoDevice device = connected()) {
            device.publish(topic("k=v"), new byte[MAX_MESSAGE_BYTES - 2], 1, false);
            assertThat(onlyEvent().message().bodyLength()).isEqualTo(MAX_MESSAGE_BYTES - 2);
        }
    }

    @Test
    void cuts_the_connection_of_a_message_one_byte_larger() throws Exception {
        try (PahoDevice device = connected()) {
            device.send(topic("k=v"), "x".repeat(MAX_MESSAGE_BYTES - 1), 1);
            assertThat(device.wasCut()).isTrue();
            assertThat(TestDevices.events(hub, identity)).isEmpty();
        }
    }

    @Test
    void cuts_the_connection_of_a_packet_far_too_large() throws Exception {
        try (PahoDevice device = connected()) {
            device.send(topic(""), "x".repeat(3 * MAX_MESSAGE_BYTES), 1);
            assertThat(device.wasCut()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "devices/{d}/messages/events/a=b=c",
                "devices/{d}/messages/events/&a=b",
                "devices/device1/messages/events/",
                "devices/{d}/modules/m1/messages/events/",
                "devices/{d}/messages/elsewhere",
                "telemetry",
                "$iothub/twin/GET/",
                "$iothub/twin/PUT/?$rid=1",
                "$iothub/methods/res/ok/?$rid=1",
                "$SYS/anything",
            })
    void cuts_the_connection_of_a_publish_it_cannot_place_without_puback(String topic) throws Exception {
        try (PahoDevice device = connected()) {
            IMqttDeliveryToken token = device.send(topic.replace("{d}", identity.deviceId()), "{}", 1);
            assertThat(device.wasCut()).isTrue();
            assertThat(token.getException()).as("no PUBACK").isNotNull();
            assertThat(TestDevices.events(hub, identity)).isEmpty();
        }
    }

    @Test
    void cuts_the_connection_of_a_publish_at_qos_2() throws Exception {
        try (PahoDevice device = connected()) {
            device.send(topic(""), "{}", 2);
            assertThat(device.wasCut()).isTrue();
            assertThat(TestDevices.events(hub, identity)).isEmpty();
        }
    }

    @Test
    void stores_what_it_cannot_place_when_told_to() throws Exception {
        try (LocalHub lenient = LocalHub.start(io.hubwire.localhub.LocalHubOptions.builder()
                        .mqtt(MqttSettings.defaults().with(MqttSettings.Choice.STORE_UNMATCHED))
                        .build());
                PahoDevice device = PahoDevice.of(lenient, Identity.device("device1"))) {
            device.connect();
            device.publish("anywhere/else", "{}");
            assertThat(TestDevices.events(lenient, Identity.device("device1"))
                            .get(0)
                            .message()
                            .properties())
                    .containsEntry("$PG.Unmatched", "True")
                    .containsEntry("$PG.Subject", "anywhere/else");
        }
    }

    private String topic(String bag) {
        return "devices/" + identity + "/messages/events/" + bag;
    }

    private Stored onlyEvent() {
        List<Stored> events = TestDevices.events(hub, identity);
        assertThat(events).hasSize(1);
        return events.get(0);
    }
}
