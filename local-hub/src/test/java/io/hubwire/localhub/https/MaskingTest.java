package io.hubwire.localhub.https;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MaskingTest {
    private static final String KEY = "cHJpbWFyeS1rZXktMzItYnl0ZXMtbG9uZy0wMTIzNDU=";

    @Test
    void shows_a_token_without_its_signature() {
        String token = "SharedAccessSignature sr=localhost&sig=abc%2Bdef%3D&se=1893456000&skn=iothubowner";

        assertThat(Masking.header("authorization", token))
                .isEqualTo("SharedAccessSignature sr=localhost&sig=***&se=1893456000&skn=iothubowner");
    }

    @Test
    void shows_nothing_of_any_other_credential() {
        assertThat(Masking.header("Authorization", "Bearer eyJhbGciOi")).isEqualTo("***");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"authentication\":{\"symmetricKey\":{\"primaryKey\":\"KEY\",\"secondaryKey\":\"KEY\"}}}",
                "[{\"id\":\"a\",\"PrimaryKey\":\"KEY\"}]",
                "{\"message\":\"x\",\"authenticationKey\":\"KEY\"}",
                "{\"connectionString\":\"HostName=h;SharedAccessKey=KEY\"}",
                "{\"uri\":\"https://h/c?sv=1&sig=KEY&se=2\"}",
                "{\"primaryKey\":\"KEY",
                "\"KEY"
            })
    void no_key_gets_through_a_body(String body) {
        String shown = Masking.body(body.replace("KEY", KEY).getBytes(StandardCharsets.UTF_8));

        assertThat(shown).doesNotContain(KEY).doesNotContain("cHJpbWFyeS1rZXk");
    }

    @Test
    void keeps_the_rest_of_a_document() {
        byte[] body = "{\"deviceId\":\"d1\",\"primaryKey\":\"k\",\"n\":1.50}".getBytes(StandardCharsets.UTF_8);

        assertThat(Masking.body(body)).isEqualTo("{\"deviceId\":\"d1\",\"primaryKey\":\"***\",\"n\":1.50}");
    }

    @Test
    void shows_a_short_text_and_only_the_size_of_anything_else() {
        assertThat(Masking.body("hello".getBytes(StandardCharsets.UTF_8))).isEqualTo("\"hello\"");
        assertThat(Masking.body(new byte[] {0, 1, 2})).isEqualTo("3 bytes");
        assertThat(Masking.body("a\nb".getBytes(StandardCharsets.UTF_8))).isEqualTo("3 bytes");
        assertThat(Masking.body(new byte[0])).isEqualTo("no body");
    }

    @Test
    void cuts_a_long_document() {
        String body = "{\"a\":\"" + "x".repeat(5000) + "\"}";

        assertThat(Masking.body(body.getBytes(StandardCharsets.UTF_8)))
                .hasSizeLessThan(2100)
                .endsWith("… (5008 bytes)");
    }
}
