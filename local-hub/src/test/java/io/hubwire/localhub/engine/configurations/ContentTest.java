package io.hubwire.localhub.engine.configurations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.localhub.engine.HubException;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.json.Json;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ContentTest {
    /** The whole section as something else than an object was found by {@link ConfigurationFuzzTest}. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "7                                   | content must be an object",
                "{'tags.a':1}                        | content has [tags.a]",
                "{'properties.desired':1}            | content.properties.desired must be an object",
                "{'properties.desired':null}         | content.properties.desired must be an object",
                "{'properties.desired':[]}           | content.properties.desired must be an object",
                "{'properties.desired.a':[null]}     | content:"
            })
    void refuses_what_can_never_be_applied(String content, String complaint) {
        assertThatThrownBy(() -> Content.check("content", Json.parse("content", content.replace('\'', '"'))))
                .isInstanceOfSatisfying(HubException.class, e -> assertThat(e.error())
                        .isEqualTo(HubError.INVALID_CONFIGURATION_CONTENT))
                .hasMessageContaining(complaint);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", "{'properties.desired':{}}", "{'properties.desired.a.b':null,'properties.desired.c':1}"})
    void takes_whole_sections_and_paths(String content) {
        assertThatCode(() -> Content.check("content", Json.parse("content", content.replace('\'', '"'))))
                .doesNotThrowAnyException();
    }
}
