package io.hubwire.https;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.protocol.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceErrorsTest {
    private static final HttpsRequest REQUEST =
            HttpsRequest.get("devices", "nope").build();

    @Test
    void the_plain_form_gives_number_name_message_and_tracking_id() {
        ServiceException e = of(404, Map.of(), """
                {"Message":"ErrorCode:DeviceNotFound;nope",
                 "ExceptionMessage":"Tracking ID:0123abcd-G:0-TimeStamp:01/02/2024 03:04:05"}""");
        assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(e.httpStatus()).isEqualTo(404);
        assertThat(e.errorNumber()).hasValue(404001);
        assertThat(e.errorName()).contains("DeviceNotFound");
        assertThat(e.trackingId()).hasValueSatisfying(id -> assertThat(id).startsWith("0123abcd"));
        assertThat(e.isRetryable()).isFalse();
        assertThat(e)
                .hasMessageStartingWith(
                        "GET /devices/nope refused with 404, 404001 DeviceNotFound: nope (tracking id 0123abcd");
    }

    @Test
    void the_nested_form_gives_the_same() {
        ServiceException e = of(404, Map.of(), """
                {"Message":"{\\"errorCode\\":404103,\\"trackingId\\":\\"ab-TimeStamp:01/02/2024 03:04:05\\",\\"message\\":\\"not online\\"}",
                 "ExceptionMessage":""}""");
        assertThat(e.code()).isEqualTo(ErrorCode.DEVICE_OFFLINE);
        assertThat(e.errorNumber()).hasValue(404103);
        assertThat(e.trackingId()).hasValueSatisfying(id -> assertThat(id).startsWith("ab"));
        assertThat(e).hasMessageContaining("not online");
    }

    @Test
    void the_bodys_number_counts_more_than_the_header() {
        ServiceException e = of(
                403,
                Map.of("iothub-errorcode", "DeviceDisabled"),
                "{\"Message\":\"ErrorCode:DeviceMaximumQueueDepthExceeded;50\"}");
        assertThat(e.code()).isEqualTo(ErrorCode.QUEUE_FULL);
    }

    @ParameterizedTest
    @CsvSource({
        "401, IotHubUnauthorized, UNAUTHORIZED",
        "403, DeviceMaximumQueueDepthExceeded, QUEUE_FULL",
        "403, DeviceDisabled, DISABLED",
        "403, IotHubQuotaExceeded, QUOTA_EXCEEDED",
        "404, DeviceNotOnline, DEVICE_OFFLINE",
        "404, ModuleNotFound, NOT_FOUND",
        "409, DeviceAlreadyExists, CONFLICT",
        "412, PreconditionFailed, PRECONDITION_FAILED",
        "413, MessageTooLarge, TOO_LARGE",
        "429, ThrottlingBacklogTimeout, THROTTLED",
        "504, GatewayTimeout, TIMED_OUT",
        "403, SomethingNew, FORBIDDEN"
    })
    void the_header_speaks_when_the_body_says_nothing(int status, String name, ErrorCode code) {
        ServiceException e = of(status, Map.of("iothub-errorcode", name), "");
        assertThat(e.code()).isEqualTo(code);
        assertThat(e.errorName()).contains(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"<html>Bad Gateway</html>", "", "[]", "null", "{\"Message\":7}", "{", "\u0000\u0001"})
    void a_body_of_another_kind_still_gives_a_useful_error(String body) {
        ServiceException e = of(502, Map.of(), body);
        assertThat(e.code()).isEqualTo(ErrorCode.SERVER_ERROR);
        assertThat(e.errorNumber()).isEmpty();
        assertThat(e).hasMessageStartingWith("GET /devices/nope refused with 502");
        assertThat(e.getMessage()).doesNotContain("\u0000");
    }

    @Test
    void html_is_quoted_cut_short() {
        assertThat(of(502, Map.of(), "<html>" + "x".repeat(10_000)).getMessage())
                .contains("<html>xxx")
                .hasSizeLessThan(400);
    }

    @Test
    void a_key_the_service_quotes_does_not_get_into_the_text() {
        String body = "{\"Message\":\"ErrorCode:ArgumentInvalid;bad {\\\"primaryKey\\\":\\\"topsecret\\\"}\"}";
        assertThat(of(400, Map.of(), body).getMessage()).contains("bad {").doesNotContain("topsecret");
    }

    @Test
    void the_wait_asked_for_is_told() {
        ServiceException e = of(429, Map.of("Retry-After", "10"), "");
        assertThat(e.code()).isEqualTo(ErrorCode.THROTTLED);
        assertThat(e.isRetryable()).isTrue();
        assertThat(e.retryAfter()).contains(Duration.ofSeconds(10));
    }

    @Test
    void success_passes_through_and_anything_else_does_not() {
        HttpsResponse ok = new HttpsResponse(204, Map.of(), new byte[0]);
        assertThat(ServiceErrors.requireSuccess(REQUEST, ok)).isSameAs(ok);
        HttpsResponse moved = new HttpsResponse(302, Map.of(), new byte[0]);
        assertThatThrownBy(() -> ServiceErrors.requireSuccess(REQUEST, moved))
                .isInstanceOfSatisfying(
                        ServiceException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.MALFORMED_REPLY));
    }

    private static ServiceException of(int status, Map<String, String> headers, String body) {
        return ServiceErrors.of(REQUEST, new HttpsResponse(status, headers, body.getBytes(StandardCharsets.UTF_8)));
    }
}
