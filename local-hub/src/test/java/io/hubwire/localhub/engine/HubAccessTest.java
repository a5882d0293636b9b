package io.hubwire.localhub.engine;

import static io.hubwire.localhub.engine.HubRegistryTest.assertRefused;
import static io.hubwire.localhub.engine.TestHub.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.auth.SasToken;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.localhub.engine.AccessControl.Credentials;
import io.hubwire.localhub.engine.AccessControl.DeviceAccess;
import io.hubwire.localhub.engine.AccessControl.Right;
import io.hubwire.localhub.engine.AccessControl.ServiceAccess;
import io.hubwire.localhub.store.JdbcStore;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.time.FakeTime;
import io.hubwire.protocol.trace.WireTrace;
import io.hubwire.protocol.vectors.Vectors;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class HubAccessTest {
    private final TestHub hub = new TestHub();
    private final AccessControl access = hub.engine.access();

    @AfterEach
    void close() {
        hub.close();
    }

    static Stream<Named<JsonNode>> tokens() {
        return Vectors.named(Vectors.file("sas.json").path("verification"), "id");
    }

    @ParameterizedTest
    @MethodSource("tokens")
    void judges_a_token_as_the_vectors_do(JsonNode c) {
        JsonNode known = Vectors.file("sas.json").path("store");
        FakeTime time = new FakeTime(Instant.ofEpochSecond(c.path("now").asLong()));
        HubNames names = new HubNames(List.of("contoso-hub.azure-devices.net"), "events", "0ne00111111");
        EngineOptions options = EngineOptions.of(names).withPolicies(policies(known.path("policies")));
        try (JdbcStore store = JdbcStore.inMemory();
                HubEngine engine = new HubEngine(options, store, time, time, new Random(1), WireTrace.NONE)) {
            ObjectNode body = json("{'authentication':{}}");
            ((ObjectNode) body.path("authentication"))
                    .set("symmetricKey", known.at("/devices/device1").deepCopy());
            engine.registry().create(Identity.device("device1"), body);
            engine.registry().create(Identity.module("device1", "m1"), json("{}"));
            Identity who = c.path("target").asText().contains("/modules/")
                    ? Identity.module("device1", "m1")
                    : Identity.device("device1");
            Credentials token = new Credentials.Sas(c.path("token").asText());
            if (c.path("valid").asBoolean()) {
                assertThat(engine.access().device(who, token).identity()).isEqualTo(who);
            } else {
                assertRefused(
                        HubError.IOT_HUB_UNAUTHORIZED, () -> engine.access().device(who, token));
            }
        }
    }

    private static List<SharedAccessPolicy> policies(JsonNode policies) {
        List<SharedAccessPolicy> list = new ArrayList<>();
        policies.properties().forEach(policy -> {
            SymmetricKey key =
                    SymmetricKey.ofBase64(policy.getValue().path("primaryKey").asText());
            Set<Right> rights = policy.getKey().equals("service")
                    ? EnumSet.of(Right.SERVICE_CONNECT)
                    : EnumSet.of(Right.DEVICE_CONNECT);
            list.add(new SharedAccessPolicy(policy.getKey(), rights, key, key));
        });
        return list;
    }

    @Test
    void tells_what_it_let_in() {
        Identity device = hub.device("d1");
        Identity module = hub.module("d1", "m1");
        DeviceAccess asDevice = access.device(device, hub.token(device));
        assertThat(asDevice.authMethod())
                .isEqualTo(
                        "{\"scope\":\"device\",\"type\":\"sas\",\"issuer\":\"iothub\",\"acceptingIpFilterRule\":null}");
        assertThat(asDevice.validUntil()).isEqualTo(TestHub.START.plus(Duration.ofHours(1)));
        assertThat(asDevice.generationId())
                .isEqualTo(
                        hub.engine.registry().get(device).path("generationId").asText());
        assertThat(access.device(module, hub.token(module)).authMethod()).contains("\"scope\":\"module\"");
        assertThat(access.device(device, policyToken("device", TestHub.HOST)).authMethod())
                .contains("\"scope\":\"hub\"");
    }

    @Test
    void refuses_with_the_number_of_the_case() {
        Identity device = hub.device("d1");
        Identity module = hub.module("d1", "m1");
        Credentials token = hub.token(device);
        assertRefused(HubError.DEVICE_NOT_FOUND, () -> access.device(Identity.device("none"), token));
        assertRefused(HubError.DEVICE_NOT_FOUND, () -> access.device(Identity.module("none", "m"), token));
        assertRefused(HubError.MODULE_NOT_FOUND, () -> access.device(Identity.module("d1", "none"), token));
        assertRefused(HubError.IOT_HUB_UNAUTHORIZED, () -> access.device(device, new Credentials.None()));
        Credentials moduleToken = hub.token(module);
        hub.engine.registry().update(device, json("{'status':'disabled','statusReason':'lost'}"), new ETagMatch.Any());
        assertThatThrownBy(() -> access.device(device, token))
                .hasToString("403012 DeviceDisabled: Device 'd1' is disabled: lost");
        assertRefused(HubError.DEVICE_DISABLED, () -> access.device(module, moduleToken));
    }

    @Test
    void says_why_a_token_was_refused_without_showing_it() {
        Identity device = hub.device("d1");
        Identity other = hub.device("d2");
        Credentials token = hub.token(device);
        assertThatThrownBy(() -> access.device(other, token))
                .hasMessageContaining("token is for [hub.example-devices.net/devices/d1]");
        Credentials forged = new Credentials.Sas(
                SasToken.sign(TestHub.HOST + "/devices/d1", hub.primaryKey(other), TestHub.START.plusSeconds(60), null)
                        .text());
        assertThatThrownBy(() -> access.device(device, forged))
                .hasMessageContaining("signature")
                .message()
                .doesNotContain("sig=");
        hub.time.advance(Duration.ofHours(1).plusSeconds(301));
        assertThatThrownBy(() -> access.device(device, token)).hasMessageContaining("token expired");
        assertThat(forged).hasToString("Sas[masked]");
    }

    @Test
    void takes_either_key_and_the_tolerance_it_was_given() {
        Identity device = hub.device("d1");
        SymmetricKey secondary = SymmetricKey.ofBase64(hub.engine
                .registry()
                .get(device)
                .at("/authentication/symmetricKey/secondaryKey")
                .asText());
        Credentials token = new Credentials.Sas(
                SasToken.sign("LOCALHOST/devices/d1", secondary, TestHub.START.plusSeconds(60), null)
                        .text());
        assertThatCode(() -> access.device(device, token)).doesNotThrowAnyException();
        hub.time.advance(Duration.ofSeconds(360));
        assertThatCode(() -> access.device(device, token)).doesNotThrowAnyException();
        hub.time.advance(Duration.ofSeconds(1));
        assertRefused(HubError.IOT_HUB_UNAUTHORIZED, () -> access.device(device, token));
    }

    @ParameterizedTest
    @CsvSource({"SHA-1", "SHA-256"})
    void lets_a_certificate_in_by_its_thumbprint(String algorithm) {
        X509Certificate certificate = TestCertificates.selfSigned("any subject").certificate();
        X509Certificate stranger = TestCertificates.selfSigned("any subject").certificate();
        String thumbprint = Thumbprints.of(certificate).get(algorithm.equals("SHA-1") ? 0 : 1);
        String withColons = thumbprint.toLowerCase(Locale.ROOT).replaceAll("(..)(?=.)", "$1:");
        Identity device = Identity.device("x509");
        hub.engine
                .registry()
                .create(
                        device,
                        json("{'authentication':{'type':'selfSigned','x509Thumbprint':{'secondaryThumbprint':'"
                                + withColons + "'}}}"));
        DeviceAccess let = access.device(device, new Credentials.Certificate(List.of(certificate)));
        assertThat(let.authMethod()).contains("\"type\":\"x509\"");
        assertThat(let.validUntil()).isNull();
        assertThatThrownBy(() -> access.device(device, new Credentials.Certificate(List.of(stranger))))
                .hasMessageContaining("Thumbprint does not match");
        assertThatThrownBy(() -> access.device(device, new Credentials.Sas("SharedAccessSignature sr=a&sig=b&se=1")))
                .isInstanceOf(HubException.class);
        Identity keyed = hub.device("keyed");
        assertThatThrownBy(() -> access.device(keyed, new Credentials.Certificate(List.of(certificate))))
                .hasMessageContaining("authenticates by sas");
    }

    @ParameterizedTest
    @CsvSource({
        "hub.example-devices.net, hub.example-devices.net",
        "HUB.example-devices.net/, hub.example-devices.net",
        "localhost, localhost",
        "hub.example-devices.net/devices, hub.example-devices.net/devices",
        "sb://hub.example-devices.net/events/ConsumerGroups/$Default, hub.example-devices.net/events/ConsumerGroups/$Default",
        "amqps://hub.example-devices.net:5671/messages, hub.example-devices.net/messages"
    })
    void lets_a_back_end_in_for_any_audience_of_the_hub(String audience, String normalized) {
        ServiceAccess let = access.service(policyToken("service", audience).token());
        assertThat(let.policy()).isEqualTo("service");
        assertThat(let.audience()).isEqualTo(normalized);
        assertThat(let.rights()).containsExactly(Right.SERVICE_CONNECT);
        assertThat(let.require(Right.SERVICE_CONNECT)).isSameAs(let);
        assertRefused(HubError.IOT_HUB_UNAUTHORIZED_ACCESS, () -> let.require(Right.REGISTRY_READ));
    }

    @Test
    void refuses_a_back_end_with_the_number_of_the_case() {
        assertRefused(HubError.IOT_HUB_UNAUTHORIZED_ACCESS, () -> access.service("Bearer eyJ"));
        assertRefused(
                HubError.IOT_HUB_UNAUTHORIZED_ACCESS,
                () -> access.service(
                        policyToken("service", "other-hub.example-devices.net").token()));
        Identity device = hub.device("d1");
        assertThatThrownBy(() -> access.service(hub.token(device).token())).hasMessageContaining("names no policy");
        SharedAccessPolicy policy = policy("service");
        String unknown = SasToken.sign(TestHub.HOST, policy.primaryKey(), TestHub.START.plusSeconds(60), "nosuch")
                .text();
        assertThatThrownBy(() -> access.service(unknown)).hasMessageContaining("no policy 'nosuch'");
        String wrongKey = SasToken.sign(
                        TestHub.HOST, policy("device").primaryKey(), TestHub.START.plusSeconds(60), "service")
                .text();
        assertRefused(HubError.IOT_HUB_UNAUTHORIZED_ACCESS, () -> access.service(wrongKey));
        String good = policyToken("service", TestHub.HOST).token();
        hub.time.advance(Duration.ofHours(2));
        assertRefused(HubError.IOT_HUB_UNAUTHORIZED, () -> access.service(good));
    }

    @Test
    void lets_a_back_end_in_by_raw_key() {
        assertThat(access.serviceByKey(
                                "iothubowner",
                                policy("iothubowner").primaryKey().base64())
                        .rights())
                .containsExactlyInAnyOrder(Right.values());
        assertThat(access.serviceByKey(
                                "service", policy("service").secondaryKey().base64())
                        .policy())
                .isEqualTo("service");
        assertRefused(
                HubError.IOT_HUB_UNAUTHORIZED_ACCESS,
                () -> access.serviceByKey(
                        "service", policy("device").primaryKey().base64()));
        assertRefused(HubError.IOT_HUB_UNAUTHORIZED_ACCESS, () -> access.serviceByKey("service", "not base64"));
        assertRefused(HubError.IOT_HUB_UNAUTHORIZED_ACCESS, () -> access.serviceByKey("nosuch", ""));
    }

    private static SharedAccessPolicy policy(String name) {
        return SharedAccessPolicy.defaults().stream()
                .filter(policy -> policy.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Credentials.Sas policyToken(String policy, String audience) {
        return new Credentials.Sas(
                SasToken.sign(audience, signingKey(policy, audience), TestHub.START.plus(Duration.ofHours(1)), policy)
                        .text());
    }

    /** The built-in endpoint is an event hub, and those sign with the key's text. */
    private static SymmetricKey signingKey(String policy, String audience) {
        SymmetricKey key = policy(policy).primaryKey();
        return audience.startsWith("sb://") ? key.forEventHubs() : key;
    }

    @Test
    void tokens_for_the_event_hub_are_signed_with_the_keys_text_and_those_for_the_hub_are_not() {
        SymmetricKey key = policy("service").primaryKey();
        Instant end = TestHub.START.plusSeconds(60);
        for (String audience : List.of("sb://" + TestHub.HOST + "/events", TestHub.HOST + "/Events/$management")) {
            access.service(
                    SasToken.sign(audience, key.forEventHubs(), end, "service").text());
            assertThatThrownBy(() -> access.service(
                            SasToken.sign(audience, key, end, "service").text()))
                    .hasMessageContaining("signature does not fit");
        }
        assertThatThrownBy(() -> access.service(SasToken.sign(TestHub.HOST, key.forEventHubs(), end, "service")
                        .text()))
                .hasMessageContaining("signature does not fit");
    }
}
