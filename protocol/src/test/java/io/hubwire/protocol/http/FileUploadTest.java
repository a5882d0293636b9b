package io.hubwire.protocol.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileUploadTest {
    private static List<JsonNode> cases(String operation) throws IOException {
        try (InputStream in = FileUploadTest.class.getResourceAsStream("/vectors/rest.json")) {
            JsonNode all = Json.parse("rest.json", in.readAllBytes()).path("cases");
            List<JsonNode> found = StreamSupport.stream(all.spliterator(), false)
                    .filter(c -> c.path("operation").asText().equals(operation))
                    .toList();
            assertThat(found).isNotEmpty();
            return found;
        }
    }

    private static byte[] utf8(String json) {
        return json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void reads_and_writes_requests_and_tickets_as_recorded() throws IOException {
        for (JsonNode c : cases("deviceCreateFileUpload")) {
            JsonNode asked = c.at("/request/body");
            assertThat(Json.parse(
                            "", FileUpload.Request.parse(Json.writeBytes(asked)).format()))
                    .isEqualTo(asked);
            if (c.at("/response/status").asInt() == 200) {
                JsonNode given = c.at("/response/body");
                assertThat(FileUpload.Ticket.parse(Json.writeBytes(given)).json())
                        .isEqualTo(given);
            }
        }
    }

    @Test
    void reads_and_writes_notifications_as_recorded() throws IOException {
        for (JsonNode c : cases("deviceNotifyFileUpload")) {
            JsonNode body = c.at("/request/body");
            assertThat(Json.parse(
                            "", FileUpload.Outcome.parse(Json.writeBytes(body)).format()))
                    .isEqualTo(body);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'correlationId':'c'} | isSuccess",
                "{'correlationId':'c','isSuccess':'yes'} | isSuccess",
                "{'correlationId':'c','isSuccess':true,'statusCode':'ok'} | statusCode",
                "[] | object"
            },
            quoteCharacter = '~')
    void says_what_is_wrong_with_a_notification(String json, String named) {
        assertThatThrownBy(() -> FileUpload.Outcome.parse(utf8(json)))
                .isInstanceOf(RemoteProtocolException.class)
                .hasMessageContaining(named);
    }

    @Test
    void a_missing_correlation_id_is_empty() {
        assertThat(FileUpload.Outcome.parse(utf8("{'isSuccess':false}")))
                .isEqualTo(new FileUpload.Outcome("", false, 0, ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{'blobName':''}", "{'blobName':7}", "7", "{'blobName'"})
    void a_request_without_a_name_is_malformed(String json) {
        assertThatThrownBy(() -> FileUpload.Request.parse(utf8(json))).isInstanceOf(RemoteProtocolException.class);
    }

    @Test
    void a_ticket_hides_its_token() {
        assertThat(new FileUpload.Ticket("c", "h", "uploads", "d1/f", "?sig=abc").toString())
                .contains("d1/f")
                .doesNotContain("abc");
    }
}
