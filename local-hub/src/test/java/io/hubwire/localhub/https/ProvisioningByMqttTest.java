package io.hubwire.localhub.https;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.auth.GroupKey;
import io.hubwire.auth.RegistrationId;
import io.hubwire.auth.SasToken;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.auth.TlsTrust;
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
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Devices that register over MQTT, plain and in WebSocket, and go on to the hub: with keys and with certificates. */
@Timeout(60)
class ProvisioningByMqttTest {
    private static final FakeTime TIME = new FakeTime(Instant.parse("2030-01-01T00:00:00Z"));
    private static final String WEB_SOCKET = "/$iothub/websocket";
    private static LocalHub hub;
    private static ClientCertificate factory;

    @BeforeAll
    static void start() throws Exception {
        hub = LocalHub.start(LocalHubOptions.builder().time(TIME, TIME).build());
        factory = ClientCertificate.authority("factory root");
        hub.engine().authorities().put("factory", factory.certificate());
        enroll(Kind.GROUP, "presses", "{'attestation':{'type':'x509','x509':{'caReferences':{'primary':'factory'}}}}");
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {WEB_SOCKET, "/", "/mqtt", "/$iothub/websocket?iothub-no-client-cert=true"})
    void registers_in_a_web_socket_on_every_path_that_an_sdk_uses(String path) throws Exception {
        String id = "ws-" + Math.abs(path.hashCode());
        SymmetricKey group =
                SymmetricKey.ofBase64(enroll(Kind.GROUP, "line-" + id, "{'attestation':{'type':'symmetricKey'}}")
                        .at("/attestation/symmetricKey/primaryKey")
                        .asText());
        SymmetricKey key = GroupKey.deriveDeviceKey(group, new RegistrationId(id));
        SSLContext tls = TlsTrust.pem(hub.caFile()).context();
        try (PahoDevice device = registering(PahoDevice.overWebSocket(hub, Identity.device(id), path, tls), id)
                .password(token(id, key))) {
            assertThat(assigned(device).path("deviceId").asText()).isEqualTo(id);
        }
        try (PahoDevice device = PahoDevice.of(hub, Identity.device(id))) {
            device.connect();
            assertThat(device.isConnected()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_device_of_an_authority_registers_and_connects_by_its_certificate(boolean webSocket) throws Exception {
        String id = webSocket ? "press-ws" : "press-tcp";
        SSLContext tls = tls(factory.issue(id));
        try (PahoDevice device = registering(open(id, tls, webSocket), id)) {
            JsonNode state = assigned(device);
            assertThat(state.at("/x509/enrollmentGroupId").asText()).isEqualTo("presses");
        }
        try (PahoDevice device = open(id, tls, webSocket)) {
            device.connect();
            device.publish("devices/" + id + "/messages/events/", "hello");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void the_hub_lets_in_devices_that_an_authority_vouches_for(boolean webSocket) throws Exception {
        String id = webSocket ? "vouched-ws" : "vouched-tcp";
        hub.engine()
                .registry()
                .create(Identity.device(id), object("{'authentication':{'type':'certificateAuthority'}}"));
        try (PahoDevice device = open(id, tls(factory.issue(id)), webSocket)) {
            device.connect();
            device.publish("devices/" + id + "/messages/events/", "hello");
        }
        try (PahoDevice device = open(id, tls(factory.issue("another")), webSocket)) {
            assertThat(device.refused()).isEqualTo(5);
        }
        ClientCertificate stranger = ClientCertificate.authority("factory root");
        try (PahoDevice device = open(id, tls(stranger.issue(id)), webSocket)) {
            assertThat(device.refused()).isEqualTo(5);
        }
    }

    @Test
    void refuses_strange_certificates_and_scopes_at_connect() throws Exception {
        ClientCertificate stranger = ClientCertificate.authority("elsewhere");
        try (PahoDevice device = registering(open("press-9", tls(stranger.issue("press-9")), false), "press-9")) {
            assertThat(device.refused()).isEqualTo(5);
        }
        try (PahoDevice device = registering(open("press-9", tls(factory.issue("press-8")), false), "press-9")) {
            assertThat(device.refused()).isEqualTo(5);
        }
        try (PahoDevice device = open("press-9", tls(factory.issue("press-9")), false)
                .userName("0ne99999999/registrations/press-9/api-version=2019-03-31")) {
            assertThat(device.refused()).isEqualTo(5);
        }
    }

    private static JsonNode assigned(PahoDevice device) throws Exception {
        device.connect();
        device.subscribe("$dps/registrations/res/#", 1);
        device.publish("$dps/registrations/PUT/iotdps-register/?$rid=1", "{}");
        Received accepted = device.next();
        assertThat(accepted.topic()).startsWith("$dps/registrations/res/202/?$rid=1&retry-after=");
        TIME.advance(Duration.ofSeconds(3));
        String operation =
                Json.parse("answer", accepted.body()).path("operationId").asText();
        device.publish("$dps/registrations/GET/iotdps-get-operationstatus/?$rid=2&operationId=" + operation, "");
        Received answer = device.next();
        assertThat(answer.topic()).isEqualTo("$dps/registrations/res/200/?$rid=2");
        JsonNode state = Json.parse("answer", answer.body()).path("registrationState");
        assertThat(state.path("status").asText()).as(state.toString()).isEqualTo("assigned");
        assertThat(state.path("assignedHub").asText()).isEqualTo("localhost");
        return state;
    }

    private static PahoDevice open(String id, SSLContext tls, boolean webSocket) throws Exception {
        return webSocket
                ? PahoDevice.overWebSocket(hub, Identity.device(id), WEB_SOCKET, tls)
                : PahoDevice.withoutPassword(hub, Identity.device(id), tls);
    }

    private static PahoDevice registering(PahoDevice device, String id) {
        return device.userName(hub.idScope() + "/registrations/" + id + "/api-version=2019-03-31&ClientVersion=test");
    }

    private static SSLContext tls(ClientCertificate certificate) throws Exception {
        return certificate.context(TlsTrust.pem(hub.caFile()).trustManager());
    }

    private static ObjectNode enroll(Kind kind, String id, String body) {
        return hub.engine().provisioning().putEnrollment(kind, id, object(body), new ETagMatch.Absent());
    }

    private static String token(String id, SymmetricKey key) {
        return SasToken.sign(
                        hub.idScope() + "/registrations/" + id,
                        key,
                        TIME.instant().plusSeconds(3600),
                        "registration")
                .text();
    }

    private static ObjectNode object(String json) {
        return Json.parseObject("test", json.replace('\'', '"'));
    }
}
