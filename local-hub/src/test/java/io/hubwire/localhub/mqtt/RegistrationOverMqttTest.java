package io.hubwire.localhub.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.auth.SasToken;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.localhub.LocalHub;
import io.hubwire.localhub.LocalHubOptions;
import io.hubwire.localhub.PahoDevice;
import io.hubwire.localhub.PahoDevice.Received;
import io.hubwire.localhub.engine.ETagMatch;
import io.hubwire.localhub.engine.Provisioning.Kind;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.json.Json;
import io.hubwire.protocol.time.FakeTime;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** DPS on the MQTT port. Source: mqtt-device 6. */
@Timeout(60)
class RegistrationOverMqttTest {
    private static final String RESPONSES = "$dps/registrations/res/#";
    private static final String REGISTER = "$dps/registrations/PUT/iotdps-register/?$rid=1";
    private static final FakeTime TIME = new FakeTime(Instant.parse("2030-01-01T00:00:00Z"));
    private static LocalHub hub;

    @BeforeAll
    static void start() {
        hub = LocalHub.start(LocalHubOptions.builder().time(TIME, TIME).build());
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @Test
    void registers_polls_and_connects_to_the_hub_assigned() throws Exception {
        SymmetricKey key = enroll("reg1");
        try (PahoDevice device = registering("reg1", key)) {
            assertThat(device.connect()).as("session present").isFalse();
            device.subscribe(RESPONSES, 1);
            device.publish(REGISTER, "{\"registrationId\":\"reg1\"}");
            Received answer = device.next();
            assertThat(answer.topic()).startsWith("$dps/registrations/res/202/?$rid=1&retry-after=");
            JsonNode body = Json.parse("answer", answer.body());
            assertThat(body.path("status").asText()).isEqualTo("assigning");
            String operation = body.path("operationId").asText();
            JsonNode state = poll(device, operation);
            assertThat(state.path("assignedHub").asText()).isEqualTo("localhost");
            assertThat(state.path("deviceId").asText()).isEqualTo("reg1");
            device.disconnect();
        }
        try (PahoDevice device = PahoDevice.of(hub, Identity.device("reg1"))) {
            device.connect();
            assertThat(device.isConnected()).isTrue();
        }
    }

    @Test
    void takes_the_bodies_that_sdks_send() throws Exception {
        SymmetricKey key = enroll("reg2");
        try (PahoDevice device = registering("reg2", key)) {
            device.connect();
            device.subscribe(RESPONSES, 1);
            for (String body : new String[] {"", " ", "{\"registrationId\":\"reg2\",\"payload\":null}"}) {
                device.publish(REGISTER, body);
                assertThat(device.next().topic()).as(body).startsWith("$dps/registrations/res/202/?$rid=1");
            }
        }
    }

    @Test
    void refuses_a_wrong_key_at_connect() throws Exception {
        enroll("reg3");
        SymmetricKey wrong = SymmetricKey.ofBytes(new byte[32]);
        try (PahoDevice device = registering("reg3", wrong)) {
            assertThat(device.refused()).isEqualTo(5);
        }
    }

    @Test
    void refuses_a_client_id_that_is_not_the_registration_id() throws Exception {
        SymmetricKey key = enroll("reg4");
        try (PahoDevice device = PahoDevice.raw(hub, "somebody")
                .userName(hub.idScope() + "/registrations/reg4/api-version=2019-03-31")
                .password(token("reg4", key))) {
            assertThat(device.refused()).isEqualTo(5);
        }
    }

    @Test
    void answers_a_poll_of_nothing_with_404() throws Exception {
        SymmetricKey key = enroll("reg5");
        try (PahoDevice device = registering("reg5", key)) {
            device.connect();
            device.subscribe(RESPONSES, 1);
            device.publish("$dps/registrations/GET/iotdps-get-operationstatus/?$rid=7&operationId=none", "");
            Received answer = device.next();
            assertThat(answer.topic()).isEqualTo("$dps/registrations/res/404/?$rid=7");
            assertThat(Json.parse("answer", answer.body()).path("errorCode").intValue())
                    .isEqualTo(404202);
        }
    }

    @Test
    void refuses_bodies_that_are_no_json_or_too_long() throws Exception {
        SymmetricKey key = enroll("reg7");
        try (PahoDevice device = registering("reg7", key)) {
            device.connect();
            device.subscribe(RESPONSES, 1);
            device.publish(REGISTER, "{\"payload\":");
            Received malformed = device.next();
            assertThat(malformed.topic()).isEqualTo("$dps/registrations/res/400/?$rid=1");
            assertThat(Json.parse("answer", malformed.body()).path("errorCode").intValue())
                    .isEqualTo(400000);
            device.publish(REGISTER, "{\"payload\":\"" + "x".repeat(96 * 1024) + "\"}");
            Received tooLong = device.next();
            assertThat(tooLong.topic()).isEqualTo("$dps/registrations/res/400/?$rid=1");
            assertThat(Json.parse("answer", tooLong.body()).path("errorCode").intValue())
                    .isEqualTo(400004);
        }
    }

    @Test
    void a_registration_does_not_displace_the_device_of_the_same_name() throws Exception {
        SymmetricKey key = enroll("device1");
        try (PahoDevice device = PahoDevice.of(hub, Identity.device("device1"));
                PahoDevice registration = registering("device1", key)) {
            device.connect();
            registration.connect();
            device.publish("devices/device1/messages/events/", "still here");
            assertThat(device.isConnected()).isTrue();
        }
    }

    @Test
    void cuts_a_registration_that_speaks_to_the_hub() throws Exception {
        SymmetricKey key = enroll("reg6");
        try (PahoDevice device = registering("reg6", key)) {
            device.connect();
            device.send("devices/reg6/messages/events/", "{}", 1);
            assertThat(device.wasCut()).isTrue();
        }
    }

    private static JsonNode poll(PahoDevice device, String operation) throws Exception {
        for (int i = 2; i < 6; i++) {
            TIME.advance(Duration.ofSeconds(3));
            device.publish(
                    "$dps/registrations/GET/iotdps-get-operationstatus/?$rid=" + i + "&operationId=" + operation, " ");
            Received answer = device.next();
            if (answer.topic().equals("$dps/registrations/res/200/?$rid=" + i)) {
                return Json.parse("answer", answer.body()).path("registrationState");
            }
            assertThat(answer.topic()).startsWith("$dps/registrations/res/202/");
        }
        throw new AssertionError("not assigned");
    }

    private static SymmetricKey enroll(String registrationId) {
        SymmetricKey key = SymmetricKey.ofBytes(("key of " + registrationId + " for this test").getBytes());
        ObjectNode body = Json.object().put("registrationId", registrationId);
        Consumer<ObjectNode> keys = node -> node.put("primaryKey", key.base64()).put("secondaryKey", key.base64());
        keys.accept(body.putObject("attestation").put("type", "symmetricKey").putObject("symmetricKey"));
        hub.engine().provisioning().putEnrollment(Kind.INDIVIDUAL, registrationId, body, new ETagMatch.Absent());
        return key;
    }

    private static PahoDevice registering(String registrationId, SymmetricKey key) throws Exception {
        return PahoDevice.raw(hub, registrationId)
                .cleanSession(false) // as the Java and Python SDKs have it
                .userName(hub.idScope() + "/registrations/" + registrationId + "/api-version=2019-03-31")
                .password(token(registrationId, key));
    }

    private static String token(String registrationId, SymmetricKey key) {
        return SasToken.sign(
                        hub.idScope() + "/registrations/" + registrationId,
                        key,
                        TIME.instant().plusSeconds(3600),
                        "registration")
                .text();
    }
}
