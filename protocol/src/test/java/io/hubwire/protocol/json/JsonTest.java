package io.hubwire.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.protocol.RemoteProtocolException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    @ParameterizedTest
    @ValueSource(strings = {"1.10", "12345678901234567890123456789", "0.1234567890123456789012", "1E+400", "-0", "1"})
    void numbers_keep_every_digit(String number) {
        assertThat(Json.write(Json.parse("number", number))).isEqualTo(number.replace("-0", "0"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":1,\"a\":2}",
                "{} {}",
                "{'a':1}",
                "{a:1}",
                "[1,]",
                "NaN",
                "// c\n1",
                "",
                " ",
                "{\"a\":",
                "01"
            })
    void what_readers_disagree_about_is_refused(String text) {
        assertThatThrownBy(() -> Json.parse("twin patch", text))
                .isInstanceOf(RemoteProtocolException.class)
                .hasMessageStartingWith("twin patch ");
    }

    @Test
    void an_error_says_where() {
        assertThatThrownBy(() -> Json.parse("twin patch", "{\"a\":\n x}"))
                .hasMessageStartingWith("twin patch is not JSON at line 2, column 3: ");
    }

    @Test
    void nesting_without_end_is_refused() {
        String deep = "[".repeat(100_000);
        assertThatThrownBy(() -> Json.parse("body", deep)).isInstanceOf(RemoteProtocolException.class);
    }

    @Test
    void a_number_whose_exponent_no_reader_holds_is_refused() {
        for (String number : new String[] {"1e40045035996", "1e-40045035996", "1.5E+99999999999"}) {
            assertThatThrownBy(() -> Json.parse("twin patch", "{\"a\":" + number + "}"))
                    .isInstanceOf(RemoteProtocolException.class)
                    .hasMessageStartingWith("twin patch is not JSON");
        }
    }

    @Test
    void bytes_must_be_utf_8() {
        assertThat(Json.parse("body", "\"é\"".getBytes(StandardCharsets.UTF_8)).textValue())
                .isEqualTo("é");
        assertThatThrownBy(() -> Json.parse("body", "\"é\"".getBytes(StandardCharsets.ISO_8859_1)))
                .isInstanceOf(RemoteProtocolException.class)
                .hasMessageContaining("UTF-8");
    }

    @Test
    void an_object_is_asked_for_by_kind() {
        assertThatThrownBy(() -> Json.parseObject("twin patch", "[1]"))
                .hasMessage("twin patch is a JSON array; it must be an object");
    }
}
