package io.hubwire.localhub.https;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.localhub.engine.HubException;
import io.hubwire.protocol.HubError;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTargetTest {
    @ParameterizedTest
    @CsvSource({
        "/devices, devices",
        "/devices/, devices",
        "//devices//, devices",
        "/devices/dev%231%3F, devices|dev#1?",
        "/devices/a+b, devices|a+b",
        "/devices/a%2Bb%25, devices|a+b%",
        "/devices/a;b=1, devices|a;b=1",
        "/files/notifications/a%2Fb%3D, files|notifications|a/b=",
        "/%24iothub/websocket, $iothub|websocket"
    })
    void decodes_each_segment_by_itself(String path, String segments) {
        assertThat(RequestTarget.parse(path, null).segments()).containsExactly(segments.split("\\|"));
    }

    @ParameterizedTest
    @CsvSource({
        "/twins%2Fdev1%2Fmethods, twins|dev1|methods",
        "/%2ftwins%2fdev1, twins|dev1",
        "/twins%2Fdev%25231, twins|dev#1",
        "/twins%2Fa%25zz, twins|a%zz"
    })
    void understands_a_path_that_was_encoded_as_a_whole(String path, String segments) {
        assertThat(RequestTarget.parse(path, null).segments()).containsExactly(segments.split("\\|"));
    }

    @Test
    void the_root_has_no_segments() {
        assertThat(RequestTarget.parse("/", null).segments()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/devices/a%", "/devices/a%4", "/devices/a%zz", "/devices/%G0"})
    void refuses_a_broken_escape(String path) {
        assertThatThrownBy(() -> RequestTarget.parse(path, null)).isInstanceOfSatisfying(HubException.class, e -> {
            assertThat(e.error()).isEqualTo(HubError.ARGUMENT_INVALID);
            assertThat(e.detail()).contains("[" + path + "]");
        });
    }

    @Test
    void reads_parameters_in_any_case_and_flags_by_their_presence() {
        RequestTarget target =
                RequestTarget.parse("/x", "API-Version=2021-04-12&reject&%3Freject=true&a=b%20c+d&broken=%zz&=x");

        assertThat(target.parameter("api-version")).contains("2021-04-12");
        assertThat(target.parameter("reject")).contains("");
        assertThat(target.parameter("?reject")).contains("true");
        assertThat(target.parameter("a")).contains("b c d");
        assertThat(target.parameter("broken")).contains("%zz");
        assertThat(target.query()).hasSize(5);
    }

    @ParameterizedTest
    @CsvSource({
        "localhost, /devices/d1, true",
        "localhost/devices, /devices/d1, true",
        "localhost/devices/d1, /devices/d1/modules, true",
        "localhost/devices/d, /devices/d1, false",
        "localhost/devices/d1, /devices/d2, false",
        "localhost/devices/d1, /devices, false",
        "localhost/devices/d1, /twins/d1, false"
    })
    void an_audience_covers_whole_segments_only(String audience, String path, boolean covered) {
        assertThat(Authorization.covers(audience, RequestTarget.parse(path, null)))
                .isEqualTo(covered);
    }

    @ParameterizedTest
    @CsvSource({
        "2021-04-12, true",
        "2016-02-03, true",
        "2024-03-31, true",
        "2025-07-01-preview, true",
        "2016-02-02, false",
        "1999-01-01, false",
        "2021-4-12, false",
        "2021-04-12x, false",
        "latest, false",
        "'', false"
    })
    void knows_a_version_by_its_form_and_age(String version, boolean known) {
        assertThat(ApiVersion.isKnown(version, "2016-02-03")).isEqualTo(known);
    }

    @Test
    void is_immutable() {
        assertThatThrownBy(() -> RequestTarget.parse("/a", "b=c").query().put("d", "e"))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThat(RequestTarget.parse("/a", null).segments()).isEqualTo(List.of("a"));
    }
}
