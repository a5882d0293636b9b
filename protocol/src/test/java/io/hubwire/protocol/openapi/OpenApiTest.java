package io.hubwire.protocol.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.protocol.json.Json;
import io.hubwire.protocol.openapi.OpenApi.Sent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A check that cannot fail would prove nothing. */
class OpenApiTest {
    private static OpenApi hub;

    @BeforeAll
    static void load() throws IOException {
        hub = OpenApi.load("iothub-service.2021-04-12.json");
    }

    private static Sent sent(String method, String target, String body) {
        byte[] bytes = body == null ? new byte[0] : body.getBytes(StandardCharsets.UTF_8);
        return new Sent(method, target, Map.of("if-match", "*"), bytes);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "-",
            value = {
                "PUT | /devices/d?api-version=x | {\"deviceId\":\"d\",\"status\":\"enabled\"}",
                "put | /Devices/d/?api-version=x | {\"deviceId\":\"d\",\"statusReason\":null}",
                "PATCH | /twins/d/modules/m?api-version=x | {\"tags\":{\"a\":{\"b\":1}}}",
                "DELETE | /devices/d?api-version=x | -"
            })
    void what_is_described_passes(String method, String target, String body) {
        assertThat(hub.complaintsAboutRequest(sent(method, target, body))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "-",
            value = {
                "POST | /devices/d | - | POST /devices/d is not described",
                "PUT | /devices/d | {} | api-version is missing",
                "PUT | /devices/d?api-version=x&top=1 | {} | query parameter top is not described",
                "PUT | /devices/d?api-version=x | - | the body is missing",
                "PUT | /devices/d?api-version=x | {\"status\":\"on\"} | /status",
                "PUT | /devices/d?api-version=x | {\"state\":\"enabled\"} | property 'state' is not defined",
                "PUT | /devices/d?api-version=x | {\"authentication\":{\"kind\":\"sas\"}} | property 'kind' is not defined",
                "PUT | /devices/d?api-version=x | [] | array found, object expected",
                "DELETE | /devices/d?api-version=x | {} | a body is not described",
                "GET | /devices?api-version=x&top=ten | - | top [ten] is no whole number",
                "POST | /devices/query?api-version=x | {\"query\":\"q\"} | header If-Match is not described"
            })
    void what_is_not_described_is_told(String method, String target, String body, String complaint) {
        assertThat(hub.complaintsAboutRequest(sent(method, target, body))).anyMatch(c -> c.contains(complaint));
    }

    @Test
    void the_overriding_method_counts() {
        byte[] body = "{}".getBytes(StandardCharsets.UTF_8);
        Sent patch = new Sent("POST", "/twins/d?api-version=x", Map.of("X-HTTP-Method-Override", "PATCH"), body);

        assertThat(hub.describes(patch)).isTrue();
        assertThat(hub.complaintsAboutRequest(patch)).isEmpty();
    }

    @Test
    void an_answer_of_another_kind_is_told() {
        assertThat(hub.complaintsAboutAnswer(
                        "GET", "/statistics/devices", 200, Json.parse("a", "{\"totalDeviceCount\":1}")))
                .isEmpty();
        assertThat(hub.complaintsAboutAnswer(
                        "GET", "/statistics/devices", 200, Json.parse("a", "{\"totalDeviceCount\":\"one\"}")))
                .singleElement()
                .asString()
                .contains("totalDeviceCount");
    }
}
