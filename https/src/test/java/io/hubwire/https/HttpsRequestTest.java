package io.hubwire.https;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.protocol.InvalidInputException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpsRequestTest {
    @ParameterizedTest
    @CsvSource({
        "dev#1?, /devices/dev%231%3F",
        "a/b, /devices/a%2Fb",
        "100%, /devices/100%25",
        "é, /devices/%C3%A9",
        "a.b-c_d~e, /devices/a.b-c_d~e",
        "...x, /devices/...x"
    })
    void encodes_each_segment_by_itself(String id, String path) {
        assertThat(HttpsRequest.get("devices", id).build().path()).isEqualTo(path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", ".."})
    void refuses_segments_that_http_stacks_fold_away(String id) {
        assertThatThrownBy(() -> HttpsRequest.delete("devices", id))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("[" + id + "]")
                .hasMessageContaining("/devices");
    }

    @Test
    void keeps_the_order_of_the_query_and_encodes_names_and_values() {
        HttpsRequest request =
                HttpsRequest.get("devices").query("z", "1 2").query("a&b", "ü").build();
        assertThat(request.target()).isEqualTo("/devices?z=1%202&a%26b=%C3%BC");
    }

    @ParameterizedTest
    @ValueSource(strings = {"token\nwith newline", "token\rx", "tokenü", "token\u0000"})
    void a_header_value_http_cannot_carry_is_refused_without_being_shown(String value) {
        assertThatThrownBy(() -> HttpsRequest.get("devices").header("Authorization", value))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("[Authorization]")
                .hasMessageContaining("position 6")
                .hasMessageNotContaining("token");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a:b", "ä", "a\n"})
    void a_header_name_must_be_a_token(String name) {
        assertThatThrownBy(() -> HttpsRequest.get("devices").header(name, "v"))
                .isInstanceOf(InvalidInputException.class);
    }

    @Test
    void header_names_disregard_case_and_the_last_value_wins() {
        HttpsRequest request = HttpsRequest.get("devices")
                .header("if-match", "a")
                .header("If-Match", "b")
                .build();
        assertThat(request.headers()).hasSize(1);
        assertThat(request.headers().get("IF-MATCH")).isEqualTo("b");
    }

    @Test
    void only_get_is_repeatable_by_itself() {
        assertThat(HttpsRequest.get("a").build().isRepeatable()).isTrue();
        assertThat(HttpsRequest.put("a").build().isRepeatable()).isFalse();
        assertThat(HttpsRequest.delete("a").build().isRepeatable()).isFalse();
        assertThat(HttpsRequest.post("a").repeatable().build().isRepeatable()).isTrue();
    }

    @Test
    void shows_neither_headers_nor_body() {
        HttpsRequest request = HttpsRequest.put("devices", "d")
                .query("api-version", "2021-04-12")
                .header("Authorization", "secret")
                .json("{\"primaryKey\":\"secret\"}")
                .build();
        assertThat(request).hasToString("PUT /devices/d?api-version=2021-04-12");
    }

    @Test
    void the_body_is_copied_in_and_out() {
        byte[] mine = {1, 2};
        HttpsRequest request =
                HttpsRequest.post("a").body(mine, "application/octet-stream").build();
        mine[0] = 9;
        request.body().orElseThrow()[1] = 9;
        assertThat(request.body().orElseThrow()).containsExactly(1, 2);
    }

    @Test
    void a_deadline_must_be_above_zero_and_a_get_has_no_body() {
        assertThatThrownBy(() -> HttpsRequest.get("a").timeout(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> HttpsRequest.get("a").json("{}").build()).isInstanceOf(IllegalStateException.class);
    }
}
