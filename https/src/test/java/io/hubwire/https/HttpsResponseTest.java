package io.hubwire.https;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpsResponseTest {
    @ParameterizedTest
    @CsvSource({"0, 0", "7, 7", "' 120 ', 120", "999999999, 999999999"})
    void reads_retry_after_in_seconds(String value, long seconds) {
        assertThat(with("Retry-After", value).retryAfter()).contains(Duration.ofSeconds(seconds));
    }

    @Test
    void reads_retry_after_as_a_date_by_the_peers_own_clock() {
        HttpsResponse response = new HttpsResponse(
                503,
                Map.of("Date", "Sat, 21 Nov 2026 00:00:00 GMT", "Retry-After", "Sat, 21 Nov 2026 00:01:30 GMT"),
                new byte[0]);
        assertThat(response.retryAfter()).contains(Duration.ofSeconds(90));
    }

    @Test
    void a_date_that_has_passed_means_now() {
        HttpsResponse response = new HttpsResponse(
                503,
                Map.of("Date", "Sat, 21 Nov 2026 00:00:00 GMT", "Retry-After", "Fri, 20 Nov 2026 00:00:00 GMT"),
                new byte[0]);
        assertThat(response.retryAfter()).contains(Duration.ZERO);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "soon", "-1", "1.5", "9999999999", "Sat, 21 Nov 2026 00:01:30 GMT"})
    void a_retry_after_that_cannot_be_read_is_none(String value) {
        assertThat(with("Retry-After", value).retryAfter()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"'\"abc=\"', abc=", "abc=, abc=", "'\"\"', ''", "'\"', '\"'"})
    void the_etag_loses_its_quotes(String header, String etag) {
        assertThat(with("etag", header).etag()).contains(etag);
    }

    @Test
    void shows_status_and_size_only() {
        assertThat(new HttpsResponse(200, Map.of("a", "b"), new byte[] {1, 2}))
                .hasToString("HttpsResponse[200, 2 bytes]");
    }

    private static HttpsResponse with(String name, String value) {
        return new HttpsResponse(503, Map.of(name, value), new byte[0]);
    }
}
