package io.hubwire.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.protocol.InvalidInputException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SymmetricKeyTest {
    @Test
    void computes_the_hmac_of_rfc_4231() {
        // RFC 4231, test case 3: 20 bytes of 0xaa over 50 bytes of 0xdd
        byte[] data = new byte[50];
        java.util.Arrays.fill(data, (byte) 0xdd);
        byte[] key = new byte[20];
        java.util.Arrays.fill(key, (byte) 0xaa);
        assertThat(SymmetricKey.ofBytes(key).hmacSha256(data))
                .isEqualTo(HexFormat.of().parseHex("773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "not base64!!not base64!!| character at position 4 of 24",
                "YWJjZA| multiple of 4",
                "YWJjZGVmZ2hpamtsbW5vcA=| multiple of 4",
                "YWJjZGVmZ2hpamtsbW5vcA===| position 23",
                "YWJjZGVmZ2hp=mtsbW5vcHFyc3Q=| position 13",
                "YWJjZGVmZ2hpamtsbW5vcA-_| position 23",
                "YWJjZA==| 4 bytes",
                "'' | empty",
            })
    void refuses_what_is_not_a_key_and_does_not_repeat_it(String text, String expected) {
        assertThatThrownBy(() -> SymmetricKey.ofBase64(text))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(expected.strip())
                .hasMessageNotContaining("YWJj");
    }

    @Test
    void shows_nothing_of_itself() {
        assertThat(SymmetricKey.generate(new SecureRandom())).hasToString("SymmetricKey[…]");
    }

    @Test
    void generated_keys_have_32_bytes_and_differ() {
        SecureRandom random = new SecureRandom();
        SymmetricKey one = SymmetricKey.generate(random);
        assertThat(one.base64()).hasSize(44);
        assertThat(one).isNotEqualTo(SymmetricKey.generate(random)).isEqualTo(SymmetricKey.ofBase64(one.base64()));
        assertThat(one.hashCode()).isEqualTo(SymmetricKey.ofBase64(one.base64()).hashCode());
    }

    @Test
    void keeps_a_copy_of_its_bytes() {
        byte[] bytes = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
        SymmetricKey key = SymmetricKey.ofBytes(bytes);
        bytes[0] = 'x';
        assertThat(key).isEqualTo(SymmetricKey.ofBytes("0123456789abcdef".getBytes(StandardCharsets.US_ASCII)));
        assertThatThrownBy(() -> SymmetricKey.ofBytes(new byte[15])).isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> SymmetricKey.ofBytes(new byte[65])).isInstanceOf(InvalidInputException.class);
    }

    /** Signature made by Node's crypto as the official Event Hubs client does it: the key's text is the HMAC's key. */
    @Test
    void signs_for_event_hubs_with_its_text() {
        SymmetricKey key = SymmetricKey.ofBase64("aHVid2lyZSBwdWJsaWMgZGV2ZWxvcG1lbnQga2V5IDEgb2Ygc2VydmljZQ==");
        String token = SasToken.sign(
                        "sb://localhost/events",
                        key.forEventHubs(),
                        java.time.Instant.ofEpochSecond(1733003600),
                        "service")
                .text();
        assertThat(token)
                .isEqualTo("SharedAccessSignature sr=sb%3A%2F%2Flocalhost%2Fevents"
                        + "&sig=ZYH3ehNQpxHqxfEBovWulewdA0BFsgOuccIv8qNAnHg%3D&se=1733003600&skn=service");
        assertThat(SasToken.parse(token).isSignedBy(key)).isFalse();
        assertThat(SymmetricKey.ofBytes(new byte[SymmetricKey.MAX_BYTES])
                        .forEventHubs()
                        .hmacSha256(new byte[0]))
                .hasSize(32);
    }
}
