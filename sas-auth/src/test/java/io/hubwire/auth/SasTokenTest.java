package io.hubwire.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.PercentEncoding;
import io.hubwire.protocol.vectors.Vectors;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SasTokenTest {
    private static final SymmetricKey KEY = SymmetricKey.ofBase64("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=");

    static Stream<Named<JsonNode>> signing() {
        return Vectors.named(Vectors.file("sas.json").path("signing"), "id", 50);
    }

    @ParameterizedTest
    @MethodSource("signing")
    void signs_every_vector_as_recorded(JsonNode c) {
        SymmetricKey key = SymmetricKey.ofBase64(c.path("key").asText());
        String policy = c.path("kind").asText().equals("dps-device")
                ? "registration"
                : c.path("policy").asText(null);
        SasToken token = SasToken.sign(
                c.path("resourceUri").asText(),
                key,
                Instant.ofEpochSecond(c.path("expiry").asLong()),
                policy);
        assertThat(token.text()).isEqualTo(c.path("token").asText());
        assertThat(token.rawAudience()).isEqualTo(c.path("sr").asText());
        assertThat(Base64.getEncoder()
                        .encodeToString(
                                key.hmacSha256(c.path("stringToSign").asText().getBytes(StandardCharsets.UTF_8))))
                .isEqualTo(c.path("signatureBase64").asText());
    }

    @ParameterizedTest
    @MethodSource("signing")
    void reads_what_every_sdk_writes(JsonNode c) {
        SymmetricKey key = SymmetricKey.ofBase64(c.path("key").asText());
        assertThat(c.path("accepted")).isNotEmpty();
        for (JsonNode form : c.path("accepted")) {
            SasToken token = SasToken.parse(form.path("token").asText());
            assertThat(token.rawAudience())
                    .as(form.path("form").asText())
                    .isEqualTo(form.path("sr").asText());
            assertThat(token.isSignedBy(key)).as(form.path("form").asText()).isTrue();
            assertThat(token.isSignedBy(KEY)).as(form.path("form").asText()).isFalse();
            assertThat(token.expiry().getEpochSecond())
                    .isEqualTo(c.path("expiry").asLong());
            if (c.path("kind").asText().endsWith("-service")) {
                assertThat(token.policy()).contains(c.path("policy").asText());
            }
        }
    }

    @Test
    void signs_the_worked_example_of_the_mqtt_notes() {
        assertThat(SasToken.sign("contoso.azure-devices.net/devices/dev1", KEY, Instant.ofEpochSecond(1700000000), null)
                        .text())
                .isEqualTo("SharedAccessSignature sr=contoso.azure-devices.net%2Fdevices%2Fdev1"
                        + "&sig=udHyfg%2F8lpbpIAsU5yRStGD3eVnZQq9%2BbzttstD811g%3D&se=1700000000");
    }

    @Test
    void a_signer_that_hides_its_key_makes_the_same_token() {
        Instant expiry = Instant.ofEpochSecond(1700000000);
        assertThat(SasToken.sign("a/b", bytes -> KEY.hmacSha256(bytes), expiry, "p"))
                .isEqualTo(SasToken.sign("a/b", KEY, expiry, "p"));
        assertThatThrownBy(() -> SasToken.sign("a/b", bytes -> new byte[20], expiry, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("20 bytes");
    }

    @Test
    void hides_its_signature() {
        SasToken token = SasToken.sign("h/devices/d", KEY, Instant.ofEpochSecond(1700000000), "device");
        assertThat(token).hasToString("SharedAccessSignature sr=h%2Fdevices%2Fd&sig=…&se=1700000000&skn=device");
    }

    @Test
    void cuts_the_expiry_to_whole_seconds_and_keeps_it_in_range() {
        assertThat(SasToken.sign("h", KEY, Instant.ofEpochMilli(1999), null).expiry())
                .isEqualTo(Instant.ofEpochSecond(1));
        assertThatThrownBy(() -> SasToken.sign("h", KEY, Instant.ofEpochSecond(-1), null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SasToken.sign("h", KEY, Instant.MAX, null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SasToken.sign("", KEY, Instant.EPOCH, null))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> SasToken.sign("h", KEY, Instant.EPOCH, ""))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void says_that_an_expiry_is_probably_in_milliseconds() {
        String sig = "&sig=" + PercentEncoding.encode(Base64.getEncoder().encodeToString(new byte[32]));
        assertThatThrownBy(() -> SasToken.parse("SharedAccessSignature sr=a" + sig + "&se=1893456000000"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("milliseconds");
        assertThatThrownBy(() -> SasToken.parse("SharedAccessSignature sr=a" + sig + "&se=" + "9".repeat(400)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("9999")
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(150));
        assertThatThrownBy(() -> SasToken.parse("SharedAccessSignature sr=a" + sig + "\n&se=1"))
                .hasMessageContaining("control character at position");
    }
}
