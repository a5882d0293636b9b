package io.hubwire.auth;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.vectors.Vectors;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConnectionStringTest {
    private static final String KEY = "6lr+syTgmGh865LDgfygU/U8VDRtl8SIM3+IKaoM2EM=";
    private static final String HUB = "contoso-hub.azure-devices.net";

    /** The vectors' reasons, and what our text says of each. */
    private static final Map<String, String> REASONS = Map.ofEntries(
            entry("empty", "connection string is empty"),
            entry("no-keyword", "position 1: the element has no ="),
            entry("element-without-equals", "the element has no ="),
            entry("missing-HostName", "has no HostName"),
            entry("missing-DeviceId", "has no DeviceId"),
            entry("missing-SharedAccessKeyName", "has no SharedAccessKeyName"),
            entry("missing-credential", "has no credential"),
            entry("mixed-credentials", "has more than one credential"),
            entry("duplicate-keyword", "DeviceId at position 61: the keyword is there twice"),
            entry("empty-value", "the value is empty"),
            entry("malformed-base64", "SharedAccessKey at position 68: key is not base64"),
            entry("key-length", "SharedAccessKey at position 68: key has "),
            entry("unknown-keyword", "HostName at position 11: a blank stands beside the keyword"),
            entry("illegal-device-id", "DeviceId at position 49: device id ["),
            entry("illegal-host", "HostName at position 10: host name ["),
            entry("illegal-policy-name", "policy name has an illegal character at its position 3"),
            entry("wrong-kind", "it is an Event Hubs one"));

    static Stream<Named<JsonNode>> vectors() {
        return Vectors.named(Vectors.file("connection-strings.json").path("vectors"), "id", 63);
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void reads_or_refuses_every_vector_as_recorded(JsonNode c) {
        if (c.path("valid").asBoolean()) {
            assertThat(elements(read(c))).isEqualTo(expected(c));
            return;
        }
        Throwable refused = catchThrowable(() -> read(c));
        assertThat(refused)
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(REASONS.get(c.path("reason").asText()));
        assertThat(refused.getMessage()).doesNotContain("6lr+", "U3J5", "sig=", "not base64!!", "YWJj", "eHh4");
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void the_general_parser_takes_every_valid_vector_and_writes_it_back(JsonNode c) {
        if (!c.path("valid").asBoolean()) {
            assertThatThrownBy(() -> ConnectionString.parse(c.path("input").asText()))
                    .isInstanceOf(InvalidInputException.class);
            return;
        }
        ConnectionString first = ConnectionString.parse(c.path("input").asText());
        assertThat(ConnectionString.parse(first.text())).isEqualTo(first);
        assertThat(elements(ConnectionString.parse(first.text()))).isEqualTo(expected(c));
    }

    @Test
    void shows_everything_but_the_secret() {
        var device = ConnectionString.parse(
                "HostName=" + HUB + ";DeviceId=d1;SharedAccessKey=" + KEY + ";GatewayHostName=gw");
        assertThat(device).hasToString("HostName=" + HUB + ";DeviceId=d1;SharedAccessKey=…;GatewayHostName=gw");
        assertThat(device.connectHost()).isEqualTo("gw");
        var withToken = ConnectionString.parse("HostName=h;DeviceId=d;SharedAccessSignature="
                + SasToken.sign("h/devices/d", SymmetricKey.ofBase64(KEY), Instant.EPOCH, null)
                        .text());
        assertThat(withToken).hasToString("HostName=h;DeviceId=d;SharedAccessSignature=…");
    }

    @Test
    void a_key_pasted_in_place_of_a_connection_string_never_shows_in_the_error() {
        for (String pasted : new String[] {KEY, KEY + ";", "HostName=h;" + KEY, KEY + ";" + KEY, " " + KEY}) {
            assertThatThrownBy(() -> ConnectionString.parse(pasted))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageNotContaining("6lr+");
        }
    }

    @Test
    void refuses_a_token_of_another_policy_than_the_one_named() {
        String token = SasToken.sign("h", SymmetricKey.ofBase64(KEY), Instant.EPOCH, "service")
                .text();
        assertThatThrownBy(() -> ConnectionString.parse(
                        "HostName=h;SharedAccessKeyName=iothubowner;SharedAccessSignature=" + token))
                .hasMessageContaining("[iothubowner]")
                .hasMessageContaining("[service]");
        assertThat(ConnectionString.parse("HostName=h;SharedAccessSignature=" + token)
                        .policyName())
                .contains("service");
    }

    @Test
    void refuses_a_token_whose_policy_would_write_keywords_of_its_own() {
        String token = SasToken.sign("h", SymmetricKey.ofBase64(KEY), Instant.EPOCH, "p;GatewayHostName=evil")
                .text();
        assertThatThrownBy(() -> ConnectionString.parse("HostName=h;SharedAccessSignature=" + token))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("SharedAccessSignature at position 34: policy name has an illegal character");
        assertThatThrownBy(() ->
                        EventHubConnectionString.parse("Endpoint=sb://h/;EntityPath=e;SharedAccessSignature=" + token))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("policy name has an illegal character");
    }

    @Test
    void writes_connection_strings_for_others() {
        SymmetricKey key = SymmetricKey.ofBase64(KEY);
        assertThat(ConnectionString.ofIdentity("localhost", Identity.module("d1", "m1"), key)
                        .text())
                .isEqualTo("HostName=localhost;DeviceId=d1;ModuleId=m1;SharedAccessKey=" + KEY);
        assertThat(ConnectionString.ofPolicy("localhost", "iothubowner", key).text())
                .isEqualTo("HostName=localhost;SharedAccessKeyName=iothubowner;SharedAccessKey=" + KEY);
        assertThatThrownBy(() -> ConnectionString.ofPolicy("a:1", "p", key)).isInstanceOf(InvalidInputException.class);
    }

    private static ConnectionString read(JsonNode c) {
        String input = c.path("input").asText();
        return c.path("kind").asText().equals("device")
                ? ConnectionString.parseDevice(input)
                : ConnectionString.parseService(input);
    }

    private static Map<String, String> elements(ConnectionString read) {
        Map<String, String> out = new LinkedHashMap<>();
        out.put("HostName", read.hostName());
        read.identity().ifPresent(i -> out.put("DeviceId", i.deviceId()));
        read.identity().flatMap(Identity::moduleId).ifPresent(m -> out.put("ModuleId", m));
        read.policyName().ifPresent(p -> out.put("SharedAccessKeyName", p));
        read.key().ifPresent(k -> out.put("SharedAccessKey", k.base64()));
        read.sasToken().ifPresent(t -> out.put("SharedAccessSignature", t.text()));
        read.gatewayHostName().ifPresent(g -> out.put("GatewayHostName", g));
        if (read.x509()) {
            out.put("x509", "true");
        }
        return out;
    }

    private static Map<String, String> expected(JsonNode c) {
        Map<String, String> out = new LinkedHashMap<>();
        c.path("expected")
                .properties()
                .forEach(e -> out.put(e.getKey(), e.getValue().asText()));
        return out;
    }
}
