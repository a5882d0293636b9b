package io.hubwire.localhub.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.auth.ConnectionString;
import io.hubwire.auth.SasToken;
import io.hubwire.auth.TlsTrust;
import io.hubwire.localhub.LocalHub;
import io.hubwire.localhub.PahoDevice;
import io.hubwire.localhub.SelfSigned;
import io.hubwire.localhub.TestDevices;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.json.Json;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** CONNACK's codes, as mqtt-device 1.6 and open-questions 1 to 5 have them. */
@Timeout(60)
class ConnectOverMqttTest {
    private static final int UNACCEPTABLE_PROTOCOL_VERSION = 1;
    private static final int IDENTIFIER_REJECTED = 2;
    private static final int SERVER_UNAVAILABLE = 3;
    private static final int NOT_AUTHORIZED = 5;

    private static final Identity DEVICE = Identity.device("device1");
    private static LocalHub hub;

    @BeforeAll
    static void start() {
        hub = LocalHub.start();
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @Test
    void lets_a_device_with_its_key_in() throws Exception {
        try (PahoDevice device = PahoDevice.of(hub, DEVICE)) {
            device.connect();
            assertThat(device.isConnected()).isTrue();
            assertThat(hub.engine()
                            .registry()
                            .get(DEVICE)
                            .path("connectionState")
                            .asText())
                    .isEqualTo("Connected");
        }
    }

    @Test
    void lets_a_module_with_its_key_in() throws Exception {
        Identity module = TestDevices.create(hub, Identity.module("with-module", "m1"));
        try (PahoDevice client = PahoDevice.of(hub, module)) {
            client.connect();
            assertThat(client.isConnected()).isTrue();
        }
    }

    @Test
    void lets_a_gateway_in_with_the_device_policy() throws Exception {
        ConnectionString policy = ConnectionString.parse(hub.connectionString("device"));
        String token = SasToken.sign(
                        hub.host() + "/devices/device1", policy.key().orElseThrow(), inAnHour(), "device")
                .text();
        try (PahoDevice device = PahoDevice.of(hub, DEVICE).password(token)) {
            device.connect();
            assertThat(device.isConnected()).isTrue();
        }
    }

    @Test
    void answers_to_each_of_its_names() throws Exception {
        for (String name : hub.engine().names().hosts()) {
            try (PahoDevice device = PahoDevice.of(hub, DEVICE).userName(name + "/device1/?api-version=2021-04-12")) {
                device.connect();
                assertThat(device.isConnected()).as(name).isTrue();
            }
        }
    }

    @Test
    void lets_a_device_in_that_names_no_api_version() throws Exception {
        try (PahoDevice device = PahoDevice.of(hub, DEVICE).userName("localhost/device1/")) {
            device.connect();
            assertThat(device.isConnected()).isTrue();
        }
    }

    @Test
    void refuses_a_token_signed_with_a_foreign_key() throws Exception {
        Identity other = TestDevices.create(hub);
        String token = PahoDevice.token(hub, other, inAnHour());
        String forged = token.replace("devices%2F" + other.deviceId(), "devices%2Fdevice1");
        assertThat(refused(PahoDevice.of(hub, DEVICE).password(forged))).isEqualTo(NOT_AUTHORIZED);
    }

    @Test
    void refuses_a_token_for_another_device() throws Exception {
        String token = PahoDevice.token(hub, TestDevices.create(hub), inAnHour());
        assertThat(refused(PahoDevice.of(hub, DEVICE).password(token))).isEqualTo(NOT_AUTHORIZED);
    }

    @Test
    void refuses_a_token_that_has_expired_beyond_the_tolerance() throws Exception {
        String token = PahoDevice.token(hub, DEVICE, Instant.now().minusSeconds(301));
        assertThat(refused(PahoDevice.of(hub, DEVICE).password(token))).isEqualTo(NOT_AUTHORIZED);
    }

    @Test
    void tolerates_five_minutes_between_the_clocks() throws Exception {
        String token = PahoDevice.token(hub, DEVICE, Instant.now().minusSeconds(280));
        try (PahoDevice device = PahoDevice.of(hub, DEVICE).password(token)) {
            device.connect();
            assertThat(device.isConnected()).isTrue();
        }
    }

    @Test
    void refuses_a_password_that_is_no_token() throws Exception {
        assertThat(refused(PahoDevice.of(hub, DEVICE).password("secret"))).isEqualTo(NOT_AUTHORIZED);
    }

    @Test
    void refuses_a_device_without_password_and_certificate() throws Exception {
        assertThat(refused(PahoDevice.withoutPassword(
                        hub, DEVICE, TlsTrust.pem(hub.caFile()).context())))
                .isEqualTo(NOT_AUTHORIZED);
        assertThat(refused(PahoDevice.of(hub, DEVICE).password(""))).isEqualTo(NOT_AUTHORIZED);
    }

    @Test
    void refuses_a_device_nobody_has_registered() throws Exception {
        String token = SasToken.sign(
                        "localhost/devices/ghost",
                        ConnectionString.parse(hub.connectionString("service"))
                                .key()
                                .orElseThrow(),
                        inAnHour(),
                        null)
                .text();
        PahoDevice ghost = PahoDevice.raw(hub, "ghost")
                .userName("localhost/ghost/?api-version=2021-04-12")
                .password(token);
        assertThat(refused(ghost)).isEqualTo(NOT_AUTHORIZED);
    }

    @Test
    void refuses_a_client_id_that_is_not_the_user_names() throws Exception {
        PahoDevice device = PahoDevice.raw(hub, "somebody")
                .userName("localhost/device1/?api-version=2021-04-12")
                .password(PahoDevice.token(hub, DEVICE, inAnHour()));
        assertThat(refused(device)).isEqualTo(NOT_AUTHORIZED);
    }

    @Test
    void refuses_a_user_name_of_another_hub() throws Exception {
        assertThat(refused(PahoDevice.of(hub, DEVICE).userName("other.example/device1/?api-version=2021-04-12")))
                .isEqualTo(NOT_AUTHORIZED);
    }

    @Test
    void is_unavailable_for_a_user_name_it_cannot_read() throws Exception {
        assertThat(refused(PahoDevice.of(hub, DEVICE).userName("device1"))).isEqualTo(SERVER_UNAVAILABLE);
        assertThat(refused(PahoDevice.of(hub, DEVICE).userName("localhost/device1/m/x/?api-version=2021-04-12")))
                .isEqualTo(SERVER_UNAVAILABLE);
    }

    @Test
    void refuses_a_device_without_user_name() throws Exception {
        assertThat(refused(PahoDevice.raw(hub, "device1"))).isEqualTo(NOT_AUTHORIZED);
    }

    @Test
    void is_unavailable_for_a_disabled_device() throws Exception {
        Identity device = TestDevices.create(hub);
        TestDevices.disable(hub, device);
        assertThat(refused(PahoDevice.of(hub, device))).isEqualTo(SERVER_UNAVAILABLE);
    }

    @Test
    void refuses_an_empty_client_id() throws Exception {
        PahoDevice nameless = PahoDevice.raw(hub, "")
                .cleanSession(true)
                .userName("localhost/device1/?api-version=2021-04-12")
                .password(PahoDevice.token(hub, DEVICE, inAnHour()));
        assertThat(refused(nameless)).isEqualTo(IDENTIFIER_REJECTED);
    }

    @Test
    void refuses_mqtt_3_1() throws Exception {
        assertThat(refused(PahoDevice.of(hub, DEVICE).protocolLevel(3))).isEqualTo(UNACCEPTABLE_PROTOCOL_VERSION);
    }

    @Test
    void lets_a_device_in_by_the_thumbprint_of_its_self_signed_certificate() throws Exception {
        SelfSigned certificate = SelfSigned.named("x509-device");
        Identity device = withThumbprint("x509-device", certificate.sha1Thumbprint());
        try (PahoDevice client = PahoDevice.withoutPassword(hub, device, certificate.trusting(hub.caFile()))) {
            client.connect();
            assertThat(client.isConnected()).isTrue();
        }
    }

    @Test
    void refuses_another_certificate_than_the_registered_one() throws Exception {
        Identity device =
                withThumbprint("x509-other", SelfSigned.named("x509-other").sha1Thumbprint());
        SelfSigned another = SelfSigned.named("x509-other");
        assertThat(refused(PahoDevice.withoutPassword(hub, device, another.trusting(hub.caFile()))))
                .isEqualTo(NOT_AUTHORIZED);
    }

    @Test
    void lets_a_device_in_whose_certificate_an_uploaded_root_or_intermediate_issued() throws Exception {
        SelfSigned.Chain byRoot = SelfSigned.Chain.of("ca-device-1");
        SelfSigned.Chain byIntermediate = SelfSigned.Chain.of("ca-device-2");
        hub.engine().authorities().put("root", byRoot.root());
        hub.engine().authorities().put("intermediate", byIntermediate.intermediate());
        for (SelfSigned.Chain chain : List.of(byRoot, byIntermediate)) {
            Identity device = Identity.device(chain == byRoot ? "ca-device-1" : "ca-device-2");
            hub.engine().registry().create(device, caSigned());
            try (PahoDevice client = PahoDevice.withoutPassword(hub, device, chain.trusting(hub.caFile()))) {
                client.connect();
                assertThat(client.isConnected()).isTrue();
            }
        }
        Identity other = Identity.device("ca-device-3");
        hub.engine().registry().create(other, caSigned());
        assertThat(refused(PahoDevice.withoutPassword(hub, other, byRoot.trusting(hub.caFile()))))
                .as("a certificate with another common name")
                .isEqualTo(NOT_AUTHORIZED);
        assertThat(refused(PahoDevice.withoutPassword(
                        hub, other, SelfSigned.Chain.of("ca-device-3").trusting(hub.caFile()))))
                .as("of an authority nobody uploaded")
                .isEqualTo(NOT_AUTHORIZED);
    }

    private static ObjectNode caSigned() {
        ObjectNode body = Json.object();
        body.putObject("authentication").put("type", "certificateAuthority");
        return body;
    }

    private static Identity withThumbprint(String id, String thumbprint) {
        Identity device = Identity.device(id);
        ObjectNode body = Json.object();
        body.putObject("authentication")
                .put("type", "selfSigned")
                .putObject("x509Thumbprint")
                .put("primaryThumbprint", thumbprint)
                .put("secondaryThumbprint", thumbprint);
        hub.engine().registry().create(device, body);
        return device;
    }

    private static int refused(PahoDevice device) throws Exception {
        try (device) {
            return device.refused();
        }
    }

    private static Instant inAnHour() {
        return Instant.now().plusSeconds(3600);
    }
}
