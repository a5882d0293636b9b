package io.hubwire.localhub.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.PahoDevice;
import io.hubwire.localhub.PahoDevice.Received;
import io.hubwire.localhub.engine.ETagMatch;
import io.hubwire.protocol.json.Json;
import io.hubwire.protocol.mqtt.HubToDevice;
import org.junit.jupiter.api.Test;

class TwinOverMqttTest extends OverMqttTest {
    private static final String RESPONSES = "$iothub/twin/res/#";
    private static final String DESIRED = "$iothub/twin/PATCH/properties/desired/#";

    @Test
    void answers_a_get_with_desired_and_reported() throws Exception {
        try (PahoDevice device = connected()) {
            device.subscribe(RESPONSES, 1);
            device.send("$iothub/twin/GET/?$rid=abc", " ", 0);
            Received answer = device.next();
            assertThat(answer.topic()).isEqualTo("$iothub/twin/res/200/?$rid=abc");
            assertThat(answer.qos()).isZero();
            assertThat(answer.body()).isEqualTo("{\"desired\":{\"$version\":1},\"reported\":{\"$version\":1}}");
        }
    }

    @Test
    void takes_a_report_and_answers_with_the_new_version() throws Exception {
        try (PahoDevice device = connected()) {
            device.subscribe(RESPONSES, 0);
            device.publish("$iothub/twin/PATCH/properties/reported/?$rid=1", "{\"a\":{\"b\":1},\"gone\":null}");
            Received answer = device.next();
            assertThat(answer.topic()).isEqualTo("$iothub/twin/res/204/?$rid=1&$version=2");
            assertThat(answer.body()).isEmpty();
            assertThat(hub.engine()
                            .twins()
                            .get(identity)
                            .at("/properties/reported/a/b")
                            .intValue())
                    .isEqualTo(1);
        }
    }

    @Test
    void takes_a_report_without_request_id_and_says_nothing() throws Exception {
        try (PahoDevice device = connected()) {
            device.subscribe(RESPONSES, 0);
            device.publish("$iothub/twin/PATCH/properties/reported/", "{\"a\":1}");
            device.publish("$iothub/twin/GET/?$rid=next", "");
            assertThat(device.next().topic()).isEqualTo("$iothub/twin/res/200/?$rid=next");
            assertThat(hub.engine()
                            .twins()
                            .get(identity)
                            .at("/properties/reported/a")
                            .intValue())
                    .isEqualTo(1);
        }
    }

    @Test
    void refuses_a_broken_report_and_stays_connected() throws Exception {
        try (PahoDevice device = connected()) {
            device.subscribe(RESPONSES, 0);
            for (String broken : new String[] {"{", "[]", "{\"$version\":3}", "{\"a\":4503599627370496}"}) {
                device.publish("$iothub/twin/PATCH/properties/reported/?$rid=1", broken);
                Received answer = device.next();
                assertThat(answer.topic()).as(broken).isEqualTo("$iothub/twin/res/400/?$rid=1");
                JsonNode error = Json.parse("error", answer.body());
                assertThat(error.path("errorCode").intValue()).isEqualTo(400004);
                assertThat(error.path("trackingId").asText()).hasSizeGreaterThanOrEqualTo(32);
                assertThat(error.path("message").asText()).isNotEmpty();
            }
            assertThat(device.isConnected()).isTrue();
        }
    }

    @Test
    void refuses_a_report_against_an_old_version() throws Exception {
        try (PahoDevice device = connected()) {
            device.subscribe(RESPONSES, 0);
            device.publish("$iothub/twin/PATCH/properties/reported/?$rid=1&$version=1", "{\"a\":1}");
            assertThat(device.next().topic()).isEqualTo("$iothub/twin/res/204/?$rid=1&$version=2");
            device.publish("$iothub/twin/PATCH/properties/reported/?$rid=2&$version=1", "{\"a\":2}");
            assertThat(device.next().topic()).isEqualTo("$iothub/twin/res/412/?$rid=2");
        }
    }

    @Test
    void an_answer_nobody_subscribed_to_is_lost() throws Exception {
        try (PahoDevice device = connected()) {
            device.publish("$iothub/twin/GET/?$rid=early", "");
            device.subscribe(RESPONSES, 0);
            device.publish("$iothub/twin/GET/?$rid=late", "");
            assertThat(device.next().topic()).endsWith("$rid=late");
            assertThat(device.waiting()).isZero();
        }
    }

    @Test
    void without_an_api_version_there_is_no_twin() throws Exception {
        try (PahoDevice device = PahoDevice.of(hub, identity).userName("localhost/" + identity)) {
            device.connect();
            device.subscribe(RESPONSES, 0);
            device.publish("$iothub/twin/PATCH/properties/reported/?$rid=1", "{\"a\":1}");
            assertThat(device.next().topic()).isEqualTo("$iothub/twin/res/400/?$rid=1");
        }
    }

    @Test
    void pushes_desired_properties_with_their_version() throws Exception {
        try (PahoDevice device = connected()) {
            device.subscribe(DESIRED, 1);
            patchDesired("{\"speed\":7,\"gone\":null}");
            Received patch = device.next();
            assertThat(HubToDevice.parse(patch.topic())).isEqualTo(new HubToDevice.DesiredChange(2));
            assertThat(patch.qos()).isZero();
            assertThat(Json.parse("patch", patch.body()))
                    .isEqualTo(Json.parse("patch", "{\"speed\":7,\"gone\":null,\"$version\":2}"));
        }
    }

    @Test
    void pushes_desired_properties_to_a_session_that_has_come_back() throws Exception {
        try (PahoDevice device = connected()) {
            device.subscribe(DESIRED, 1);
            device.disconnect();
        }
        patchDesired("{\"missed\":1}");
        try (PahoDevice device = connected()) {
            patchDesired("{\"seen\":1}");
            assertThat(device.next().topic()).isEqualTo("$iothub/twin/PATCH/properties/desired/?$version=3");
        }
    }

    @Test
    void a_device_that_has_not_subscribed_gets_no_patches() throws Exception {
        try (PahoDevice device = connected()) {
            device.subscribe(RESPONSES, 0);
            patchDesired("{\"speed\":7}");
            device.publish("$iothub/twin/GET/?$rid=1", "");
            assertThat(device.next().topic()).isEqualTo("$iothub/twin/res/200/?$rid=1");
        }
    }

    private void patchDesired(String desired) {
        ObjectNode body = Json.object();
        body.putObject("properties").set("desired", Json.parse("desired", desired));
        hub.engine().twins().patch(identity, body, new ETagMatch.Absent());
    }
}
