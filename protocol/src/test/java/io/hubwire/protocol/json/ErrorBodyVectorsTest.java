package io.hubwire.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.vectors.Vectors;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Error bodies as {@code vectors/rest.json} and {@code vectors/dps.json} recorded them, and those no one should send. */
class ErrorBodyVectorsTest {
    private static final Instant WHEN = Instant.parse("2024-01-02T03:04:05Z");
    private static final String TRACKING = "0123456789abcdef0123456789abcdef";

    static List<JsonNode> hubErrors() {
        List<JsonNode> errors = Vectors.elements(Vectors.file("rest.json").path("cases"))
                .filter(c -> c.path("response").path("status").asInt() >= 400)
                .filter(c -> c.path("response").path("body").has("Message"))
                .toList();
        assertThat(errors).hasSizeGreaterThan(20);
        return errors;
    }

    @ParameterizedTest
    @MethodSource("hubErrors")
    void every_recorded_hub_error_is_understood(JsonNode c) {
        JsonNode response = c.path("response");
        String header = response.path("headers").path("iothub-errorcode").textValue();
        ServiceErrorBody read = ServiceErrorBody.parse(Json.write(response.path("body")), header);

        HubError error = read.error().orElseThrow();
        assertThat(error.httpStatus()).isEqualTo(response.path("status").asInt());
        assertThat(error.number()).isEqualTo(read.number());
        if (header != null) {
            assertThat(read.name()).isEqualTo(header);
        }
        assertThat(read.message()).isNotEmpty().doesNotContain("ErrorCode:");
    }

    /** Those that carry the stand-in tracking id and time; the others were captured at some other time. */
    static List<JsonNode> hubErrorsWithKnownTracking() {
        List<JsonNode> errors = hubErrors().stream()
                .filter(c -> Json.write(c).contains(TRACKING) && Json.write(c).contains("01/02/2024 03:04:05"))
                .toList();
        assertThat(errors).hasSizeGreaterThan(15);
        return errors;
    }

    @ParameterizedTest
    @MethodSource("hubErrorsWithKnownTracking")
    void our_form_of_every_recorded_hub_error_is_the_recorded_one(JsonNode c) {
        JsonNode body = c.path("response").path("body");
        ServiceErrorBody read = ServiceErrorBody.parse(Json.write(body), null);
        String message = body.path("Message").asText();
        String ours = message.startsWith("{")
                ? ServiceErrorBody.formatNested(
                        read.error().orElseThrow(), read.message(), info(message), TRACKING, WHEN)
                : ServiceErrorBody.formatPlain(read.error().orElseThrow(), read.message(), TRACKING, WHEN);
        assertThat(withoutEmptyInfo(Json.parse("ours", ours))).isEqualTo(withoutEmptyInfo(body));
    }

    @Test
    void a_job_error_shows_the_innermost_text() {
        ServiceErrorBody read = ServiceErrorBody.parse(
                Json.write(hubErrors().stream()
                        .filter(c -> c.path("name").asText().equals("job-twin-bad-etag"))
                        .findFirst()
                        .orElseThrow()
                        .path("response")
                        .path("body")),
                null);
        assertThat(read.number()).isEqualTo(400004);
        assertThat(read.message()).startsWith("Missing or invalid etag for job type ScheduleUpdateTwin");
        assertThat(read.trackingId()).isEqualTo("5678-G:10");
    }

    @Test
    void the_number_in_the_body_counts_more_than_the_name_in_the_header() {
        String body = "{\"Message\":\"{\\\"errorCode\\\":404103,\\\"message\\\":\\\"m\\\"}\"}";
        assertThat(ServiceErrorBody.parse(body, "DeviceNotFound").error()).contains(HubError.DEVICE_NOT_ONLINE);
    }

    @Test
    void the_header_names_the_error_when_the_body_does_not() {
        ServiceErrorBody read = ServiceErrorBody.parse("{\"Message\":\"no code here\"}", "DeviceNotFound");
        assertThat(read).isEqualTo(new ServiceErrorBody(404001, "DeviceNotFound", "no code here", null));
    }

    @Test
    void a_name_that_no_table_knows_is_kept() {
        ServiceErrorBody read =
                ServiceErrorBody.parse("{\"Message\":\"ErrorCode:BrandNew;text; more\"}", "DeviceNotFound");
        assertThat(read).isEqualTo(new ServiceErrorBody(null, "BrandNew", "text; more", null));
        assertThat(read.error()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"<html>502 Bad Gateway</html>", "", "null", "[]", "42", "{", "\"text\"", "{\"Message\":null}"})
    void a_body_that_is_no_error_body_becomes_a_message_and_never_an_exception(String body) {
        ServiceErrorBody read = ServiceErrorBody.parse(body, null);
        assertThat(read.number()).isNull();
        assertThat(read.name()).isNull();
        assertThat(ErrorDocument.parse(body)).isEmpty();
    }

    @Test
    void a_page_of_html_is_cut_short() {
        assertThat(ServiceErrorBody.parse("<p>" + "x".repeat(100_000), null).message())
                .hasSize(501)
                .endsWith("…");
    }

    static List<JsonNode> dpsErrors() {
        List<JsonNode> errors = Vectors.elements(Vectors.file("dps.json").path("exchanges"))
                .flatMap(exchange -> Vectors.elements(exchange.path("steps")))
                .map(step -> step.path("response").path("body"))
                .filter(body -> body.has("errorCode"))
                .toList();
        assertThat(errors).hasSizeGreaterThan(5);
        return errors;
    }

    @ParameterizedTest
    @MethodSource("dpsErrors")
    void every_recorded_dps_error_is_read_and_written_alike(JsonNode body) {
        ErrorDocument read = ErrorDocument.parse(Json.write(body)).orElseThrow();
        assertThat(read.errorCode()).isEqualTo(body.path("errorCode").asInt());
        assertThat(withoutEmptyInfo(Json.parse("ours", read.format()))).isEqualTo(withoutEmptyInfo(body));
    }

    @ParameterizedTest
    @CsvSource({
        "404001, NOT_FOUND",
        "404103, DEVICE_OFFLINE",
        "403004, QUEUE_FULL",
        "403002, QUOTA_EXCEEDED",
        "412001, PRECONDITION_FAILED",
        "429002, THROTTLED",
        "504101, TIMED_OUT",
        "500001, SERVER_ERROR",
        "413001, TOO_LARGE",
        "400004, INVALID_ARGUMENT",
        "401003, UNAUTHORIZED"
    })
    void a_hub_error_tells_what_to_do(int number, ErrorCode expected) {
        assertThat(HubError.byNumber(number).orElseThrow().code()).isEqualTo(expected);
    }

    @Test
    void no_two_hub_errors_share_a_number_and_the_status_leads_it() {
        assertThat(HubError.values()).allSatisfy(error -> {
            assertThat(HubError.byNumber(error.number())).contains(error);
            assertThat(error.number() / 1000).isEqualTo(error.httpStatus());
            assertThat(error.code()).isNotEqualTo(ErrorCode.MALFORMED_REPLY);
        });
    }

    private static Map<String, String> info(String nested) {
        return ErrorDocument.parse(nested).orElseThrow().info();
    }

    /** The service writes {@code "info":{}} where we write nothing; readers see no difference. */
    private static JsonNode withoutEmptyInfo(JsonNode body) {
        return Json.parse(
                "body", Json.write(body).replace("\\\"info\\\":{},", "").replace("\"info\":{},", ""));
    }
}
