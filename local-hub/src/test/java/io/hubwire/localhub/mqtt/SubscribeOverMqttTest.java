package io.hubwire.localhub.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.localhub.LocalHub;
import io.hubwire.localhub.LocalHubOptions;
import io.hubwire.localhub.PahoDevice;
import io.hubwire.localhub.TestDevices;
import io.hubwire.protocol.Identity;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubscribeOverMqttTest extends OverMqttTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void grants_the_lower_of_the_qos_asked_for_and_1(int qos) throws Exception {
        try (PahoDevice device = connected()) {
            assertThat(device.grantedQos("$iothub/methods/POST/#", qos)).isEqualTo(Math.min(qos, 1));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"foo/#", "#", "devices/{d}/messages/elsewhere/#", "$iothub/streams/POST/#"})
    void grants_a_filter_it_does_not_know_and_delivers_nothing(String filter) throws Exception {
        Identity other = TestDevices.create(hub);
        try (PahoDevice device = connected();
                PahoDevice sender =
                        PahoDevice.of(hub, other).will("devices/" + other + "/messages/events/", "will", 1, false)) {
            device.subscribe(filter.replace("{d}", identity.deviceId()), 1);
            sender.connect();
            sender.publish("devices/" + other + "/messages/events/", "telemetry");
            sender.vanish();
            device.subscribe("$iothub/twin/res/#", 1);
            device.publish("$iothub/twin/GET/?$rid=1", "");
            assertThat(device.next().topic()).isEqualTo("$iothub/twin/res/200/?$rid=1");
            assertThat(device.waiting()).isZero();
        }
    }

    @Test
    void cuts_the_connection_at_the_sixth_distinct_filter() throws Exception {
        try (PahoDevice device = connected()) {
            for (int i = 1; i <= 5; i++) {
                device.subscribe("unknown/" + i, 1);
            }
            device.subscribe("unknown/5", 0); // held already
            device.unsubscribe("unknown/4");
            device.subscribe("unknown/6", 1);
            assertCut(device, "unknown/7");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "devices/device1/messages/devicebound/#",
                "devices/{d}/modules/m1/messages/devicebound/#",
                "devices/device1/messages/events/",
            })
    void cuts_the_connection_of_a_filter_of_another_identity(String filter) throws Exception {
        try (PahoDevice device = connected()) {
            assertCut(device, filter.replace("{d}", identity.deviceId()));
        }
    }

    @Test
    void a_module_may_not_listen_to_its_device() throws Exception {
        Identity module = TestDevices.create(hub, Identity.module(identity.deviceId(), "m1"));
        try (PahoDevice client = PahoDevice.of(hub, module)) {
            client.connect();
            assertCut(client, "devices/" + identity + "/messages/devicebound/#");
        }
    }

    @Test
    void cuts_the_connection_of_an_unknown_filter_when_told_to() throws Exception {
        try (LocalHub strict = LocalHub.start(LocalHubOptions.builder()
                        .mqtt(MqttSettings.defaults().with(MqttSettings.Choice.CLOSE_ON_UNKNOWN_FILTER))
                        .build());
                PahoDevice device = PahoDevice.of(strict, Identity.device("device1"))) {
            device.connect();
            device.subscribe("$iothub/methods/POST/#", 1);
            assertCut(device, "foo/#");
        }
    }

    private static void assertCut(PahoDevice device, String filter) throws Exception {
        try {
            device.grantedQos(filter, 1);
        } catch (MqttException e) {
            assertThat(device.wasCut()).isTrue();
            return;
        }
        throw new AssertionError("SUBACK for [" + filter + "]");
    }
}
