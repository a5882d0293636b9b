package io.hubwire.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.auth.ConnectionString;
import io.hubwire.auth.SasToken;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.auth.TokenSource;
import io.hubwire.auth.X509Identity;
import io.hubwire.localhub.engine.EventLog;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.SystemProperty;
import io.hubwire.protocol.json.Json;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Every way to say who one is, at a real hub: modules, policies, tokens from elsewhere, certificates. */
class LocalHubIdentityTest extends LocalHubTest {
    @Test
    void a_module_sends_receives_answers_and_has_a_twin_of_its_own() throws Exception {
        Identity module = Identity.module(identity.deviceId(), "mod-ule?");
        SymmetricKey key = keyOf(hub.engine().registry().create(module, Json.object()));
        BlockingQueue<ReceivedMessage> seen = new LinkedBlockingQueue<>();
        ModuleClient client = closing(ModuleClient.of(
                ConnectionString.ofIdentity(hub.host(), module, key), options().build()));
        client.onMethod("blink", request -> MethodResponse.of(201));
        client.onMessage(seen::add);
        client.connect().join();

        client.send("alert", Message.of("to an output")).join();
        EventLog.Stored event = eventsOf(module).get(0);
        assertThat(event.message().get(SystemProperty.OUTPUT_NAME)).contains("alert");
        assertThat(invoke(module, "blink", "")).isEqualTo("201 ");
        assertThat(client.report("{\"m\":1}").join()).isEqualTo(2);
        assertThat(client.twin().join().reported().json()).isEqualTo("{\"m\":1}");
        hub.engine().c2d().enqueue(module, Message.of("to the module"));
        assertThat(seen.poll(10, TimeUnit.SECONDS).message().text()).isEqualTo("to the module");
        await().untilAsserted(
                        () -> assertThat(hub.engine().c2d().pending(module)).isZero());
    }

    @Test
    void device_and_module_do_not_disturb_each_other() {
        Identity module = Identity.module(identity.deviceId(), "m");
        SymmetricKey key = keyOf(hub.engine().registry().create(module, Json.object()));
        DeviceClient device = device();
        ModuleClient client = closing(ModuleClient.of(
                ConnectionString.ofIdentity(hub.host(), module, key), options().build()));
        device.connect().join();
        client.connect().join();
        device.send(Message.of("d")).join();
        client.send(Message.of("m")).join();
        assertThat(eventsOf(identity)).hasSize(1);
        assertThat(eventsOf(module)).hasSize(1);
    }

    @Test
    void a_hub_policy_speaks_for_any_device() {
        ConnectionString policy = ConnectionString.parse(hub.connectionString("device"));
        ConnectionString connection = ConnectionString.parse("HostName=" + hub.host() + ";DeviceId=" + identity
                + ";SharedAccessKeyName=device;SharedAccessKey="
                + policy.key().orElseThrow().base64());
        DeviceClient device = device(connection, options -> {});
        device.connect().join();
        device.send(Message.of("x")).join();
        assertThat(eventsOf(identity)).hasSize(1);
    }

    @Test
    void the_application_may_bring_its_own_tokens() {
        SymmetricKey key = keyOf(hub.engine().registry().get(identity));
        TokenSource elsewhere = TokenSource.ofProvider(
                now -> SasToken.sign(hub.host() + "/" + identity.resource(), key, now.plusSeconds(600), null)
                        .text(),
                () -> 0);
        DeviceClient device = closing(DeviceClient.of(
                address(),
                identity,
                ClientCredentials.tokens(elsewhere),
                options().build()));
        device.connect().join();
        device.send(Message.of("x")).join();
    }

    @Test
    void an_expired_token_is_told_from_a_wrong_key() {
        SymmetricKey key = keyOf(hub.engine().registry().get(identity));
        SasToken old = SasToken.sign(
                hub.host() + "/" + identity.resource(), key, Instant.now().minusSeconds(900), null);
        DeviceClient device = closing(DeviceClient.of(
                address(),
                identity,
                ClientCredentials.tokens(TokenSource.ofToken(old)),
                options().build()));
        assertThat(ConversationTest.codeOf(device.connect())).isEqualTo(ErrorCode.TOKEN_EXPIRED);
    }

    @Test
    void the_secondary_key_helps_when_the_primary_was_rolled() {
        ObjectNode registered = hub.engine().registry().get(identity);
        SymmetricKey secondary = SymmetricKey.ofBase64(
                registered.at("/authentication/symmetricKey/secondaryKey").textValue());
        SymmetricKey rolled = SymmetricKey.ofBytes(new byte[32]);
        DeviceClient device = closing(DeviceClient.of(
                address(),
                identity,
                ClientCredentials.keys(address(), identity, rolled, secondary),
                options().build()));
        device.connect().join();
        device.send(Message.of("x")).join();
    }

    @Test
    void a_self_signed_certificate_is_known_by_its_thumbprint_and_so_is_the_second_one() {
        X509Identity unknown = SelfSignedDevice.certificate("somebody");
        X509Identity known = SelfSignedDevice.certificate("cert-device");
        Identity who = Identity.device("cert-" + identity);
        ObjectNode body = Json.object();
        body.putObject("authentication")
                .put("type", "selfSigned")
                .putObject("x509Thumbprint")
                .put("primaryThumbprint", "0".repeat(64))
                .put("secondaryThumbprint", known.thumbprint());
        hub.engine().registry().create(who, body);

        DeviceClient wrong = closing(DeviceClient.of(
                address(),
                who,
                ClientCredentials.certificates(unknown),
                options().build()));
        assertThat(ConversationTest.codeOf(wrong.connect())).isEqualTo(ErrorCode.UNAUTHORIZED);

        DeviceClient device = closing(DeviceClient.of(
                address(),
                who,
                ClientCredentials.certificates(unknown, known),
                options().build()));
        device.connect().join();
        device.send(Message.of("x")).join();
        assertThat(eventsOf(who)).hasSize(1);
    }

    @Test
    void a_certificate_of_an_authority_that_the_hub_knows_opens_with_its_chain() throws Exception {
        Path pem = Path.of("../sas-auth/src/test/resources/pem");
        try (InputStream root = Files.newInputStream(pem.resolve("root.pem"))) {
            hub.engine().authorities().put("factory", (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(root));
        }
        Identity who = Identity.device("ca-device");
        ObjectNode body = Json.object();
        body.putObject("authentication").put("type", "certificateAuthority");
        hub.engine().registry().create(who, body);
        X509Identity issued = X509Identity.pem(pem.resolve("device-all.pem"), null);
        assertThat(issued.chain()).hasSize(2);
        DeviceClient device = closing(DeviceClient.of(
                address(),
                who,
                ClientCredentials.certificates(issued),
                options().build()));
        device.connect().join();
        device.send(Message.of("x")).join();
        assertThat(eventsOf(who)).hasSize(1);
    }

    @Test
    void a_connection_string_that_asks_for_a_certificate_is_not_enough_by_itself() {
        ConnectionString x509 =
                ConnectionString.parse("HostName=" + hub.host() + ";DeviceId=" + identity + ";x509=true");
        assertThatThrownBy(() -> DeviceClient.of(x509, options().build()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("hand over the certificate");
    }

    @Test
    void a_gateway_is_connected_to_while_the_hub_stays_the_hub() {
        SymmetricKey key = keyOf(hub.engine().registry().get(identity));
        HubAddress behindGateway = new HubAddress(hub.host(), "127.0.0.1");
        DeviceClient device = closing(DeviceClient.of(
                behindGateway,
                identity,
                ClientCredentials.keys(behindGateway, identity, key),
                options().build()));
        device.connect().join();
    }

    @Test
    void model_id_and_product_info_are_shown() {
        DeviceClient device = device(
                options -> options.modelId("dtmi:com:example:Thermostat;1").productInfo("windmill/1.0 (ü)"));
        device.connect().join();
        assertThat(hub.engine().twins().get(identity).path("modelId").textValue())
                .isEqualTo("dtmi:com:example:Thermostat;1");
    }

    private static SymmetricKey keyOf(ObjectNode identity) {
        return SymmetricKey.ofBase64(
                identity.at("/authentication/symmetricKey/primaryKey").textValue());
    }
}
