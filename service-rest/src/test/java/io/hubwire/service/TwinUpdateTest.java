package io.hubwire.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.protocol.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TwinUpdateTest {
    private static final String WHOLE = """
            {"deviceId":"d1","etag":"AAAAAAAAAAE=","version":3,"tags":{"a":1},
             "properties":{"desired":{"x":1,"$metadata":{"$lastUpdated":"2024-01-01T00:00:00Z"},"$version":2},
                           "reported":{"y":1,"$version":5}}}""";

    @Test
    void a_whole_twin_is_reduced_to_what_a_back_end_may_write() {
        assertThat(TwinUpdate.parse(WHOLE).tree())
                .hasToString("{\"tags\":{\"a\":1},\"properties\":{\"desired\":{\"x\":1}}}");
    }

    @Test
    void one_section_leaves_the_other_alone() {
        assertThat(TwinUpdate.desired("{\"x\":null}").patchBody())
                .isEqualTo("{\"properties\":{\"desired\":{\"x\":null}}}");
        assertThat(TwinUpdate.tags("{\"a\":1}").patchBody()).isEqualTo("{\"tags\":{\"a\":1}}");
        assertThat(TwinUpdate.nothing().isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "[]",
                "7",
                "{",
                "",
                "{\"desired\":{}}",
                "{\"tags\":null}",
                "{\"tags\":[]}",
                "{\"properties\":{\"desired\":3}}",
                "{\"properties\":{\"reported\":{}}}"
            })
    void what_a_back_end_cannot_write_is_refused_at_once(String json) {
        assertThatThrownBy(() -> TwinUpdate.parse(json)).isInstanceOf(InvalidInputException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a.b\":1}", "{\"a b\":1}", "{\"$x\":1}", "{\"n\":4503599627370496}"})
    void rules_of_twins_hold_before_the_network(String desired) {
        assertThatThrownBy(() -> TwinUpdate.desired(desired).patchBody())
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("breaks a rule at [");
    }

    @Test
    void a_replacement_must_not_hold_null() {
        assertThatThrownBy(() -> TwinUpdate.tags("{\"a\":null}").replacementBody())
                .isInstanceOf(InvalidInputException.class);
    }

    @Test
    void properties_stay_out_of_logs() {
        assertThat(TwinUpdate.parse(WHOLE)).hasToString("TwinUpdate[tags desired]");
        assertThat(Twin.parse(WHOLE)).hasToString("Twin[d1, version 3]");
    }

    @Test
    void a_twin_shows_its_sections_without_bookkeeping() {
        Twin twin = Twin.parse(WHOLE);
        assertThat(twin.desired()).hasToString("{\"x\":1}");
        assertThat(twin.desiredVersion()).isEqualTo(2);
        assertThat(twin.reported()).hasToString("{\"y\":1}");
        assertThat(twin.reportedVersion()).isEqualTo(5);
        assertThat(twin.tags()).hasToString("{\"a\":1}");
        assertThat(twin.json()).contains("$metadata");
    }
}
