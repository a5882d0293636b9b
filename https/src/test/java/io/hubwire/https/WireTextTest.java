package io.hubwire.https;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireTextTest {
    @Test
    void a_sas_token_loses_only_its_signature() {
        assertThat(WireText.header("Authorization", "SharedAccessSignature sr=hub%2Fd&sig=abc%3D&se=17&skn=service"))
                .isEqualTo("SharedAccessSignature sr=hub%2Fd&sig=***&se=17&skn=service");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Authorization", "authorization", "Proxy-Authorization", "Set-Cookie"})
    void any_other_credential_is_masked_whole(String name) {
        assertThat(WireText.header(name, "Bearer topsecret")).isEqualTo("***");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"primaryKey\":\"topsecret\"}",
                "{\"secondaryKey\" : \"topsecret\"}",
                "{\"Message\":\"{\\\"primaryKey\\\":\\\"topsecret\\\"}\"}",
                "{\"uri\":\"https://a.blob.core.windows.net/c?sv=1&sig=topsecret&se=2\"}",
                "{\"x\":\"HostName=h;SharedAccessKeyName=p;SharedAccessKey=topsecret\"}",
                "{\"primaryKey\":\"a\\\"topsecret\"}"
            })
    void keys_in_bodies_are_masked(String body) {
        assertThat(WireText.mask(body)).doesNotContain("topsecret").contains("***");
    }

    @Test
    void what_is_no_secret_stays() {
        String body = "{\"deviceId\":\"d1\",\"primaryThumbprint\":\"AA\",\"signal\":1,\"design=\":2}";
        assertThat(WireText.mask(body)).isEqualTo(body);
    }

    @Test
    void a_long_body_is_cut_and_a_binary_one_only_counted() {
        byte[] longText = "x".repeat(10_000).getBytes(StandardCharsets.UTF_8);
        assertThat(WireText.of(new HttpsResponse(200, Map.of("Content-Type", "text/plain"), longText)))
                .hasSizeLessThan(4_300)
                .endsWith("… (10000 bytes)");
        assertThat(WireText.of(new HttpsResponse(200, Map.of("Content-Type", "application/octet-stream"), longText)))
                .endsWith("body=10000 bytes");
    }

    @Test
    void everything_stands_on_one_line() {
        HttpsResponse response = new HttpsResponse(
                200, Map.of("Content-Type", "application/json"), "{\n\t\"a\": 1\r\n}".getBytes(StandardCharsets.UTF_8));
        assertThat(WireText.of(response)).doesNotContain("\n", "\r", "\t").contains("\"a\": 1");
    }
}
