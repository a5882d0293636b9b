package io.hubwire.protocol.http;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.SystemProperty;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class HttpMessageFormTest {
    private static final Message FULL = Message.builder("{\"temp\":21}")
            .messageId("t-1")
            .correlationId("c-1")
            .contentType("application/json")
            .contentEncoding("utf-8")
            .property("Level", "info")
            .property("empty", null)
            .build();

    @ParameterizedTest
    @EnumSource(HttpMessageForm.class)
    void reads_back_what_it_writes(HttpMessageForm form) {
        Message back = form.message(form.headers(FULL).entrySet(), FULL.body());

        // a header cannot tell "no value" from "empty"
        assertThat(back).isEqualTo(FULL.toBuilder().property("empty", "").build());
    }

    @Test
    void spells_content_type_and_encoding_as_each_direction_does() {
        assertThat(HttpMessageForm.EVENT.headers(FULL))
                .contains(entry("iothub-contenttype", "application/json"), entry("iothub-contentencoding", "utf-8"));
        assertThat(HttpMessageForm.C2D_SEND.headers(FULL))
                .contains(entry("Content-Type", "application/json"), entry("Content-Encoding", "utf-8"));
        assertThat(HttpMessageForm.DEVICEBOUND.headers(FULL))
                .contains(entry("ContentType", "application/json"), entry("ContentEncoding", "utf-8"));
    }

    @Test
    void the_content_type_of_an_event_request_is_not_the_messages() {
        Message m = HttpMessageForm.EVENT.message(
                Map.of("Content-Type", "application/octet-stream", "User-Agent", "x", "Authorization", "y")
                        .entrySet(),
                new byte[] {1});

        assertThat(m.system()).isEmpty();
        assertThat(m.properties()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "IoTHub-MessageId, MESSAGE_ID",
        "iothub-creationtimeutc, CREATION_TIME",
        "iothub-app-iothub-creation-time-utc, CREATION_TIME",
        "iothub-messageschema, MESSAGE_SCHEMA",
        "dt-subject, COMPONENT",
        "iothub-interface-id, INTERFACE_ID",
        "iothub-to, TO"
    })
    void knows_the_names_the_sdks_use(String header, SystemProperty property) {
        Message m = HttpMessageForm.EVENT.message(List.of(entry(header, "v")), new byte[0]);

        assertThat(m.get(property)).contains("v");
        assertThat(m.properties()).isEmpty();
    }

    @Test
    void nobody_can_claim_to_be_another_device() {
        Message m = HttpMessageForm.EVENT.message(List.of(entry("iothub-connection-device-id", "other")), new byte[0]);

        assertThat(m.system()).isEmpty();
    }

    @Test
    void keeps_the_case_of_property_names_whatever_the_case_of_the_prefix() {
        Message m = HttpMessageForm.EVENT.message(List.of(entry("IOTHUB-APP-Level", "Info")), new byte[0]);

        assertThat(m.properties()).containsExactly(entry("Level", "Info"));
    }

    @Test
    void refuses_what_a_header_cannot_carry_and_says_where() {
        assertThatThrownBy(() -> HttpMessageForm.EVENT.headers(
                        Message.builder("").property("a b", "x").build()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("U+0020 at position 2");
        assertThatThrownBy(() -> HttpMessageForm.C2D_SEND.headers(
                        Message.builder("").property("a", "x\r\nHost: y").build()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("U+000D at position 2");
    }

    @Test
    void a_device_still_gets_a_message_that_came_with_a_strange_property() {
        Message strange = Message.builder("x").property("a b", "ü\n").build();

        assertThat(HttpMessageForm.DEVICEBOUND.headers(strange)).containsExactly(entry("iothub-app-a_b", "??"));
    }

    @Test
    void a_batch_reads_back_as_written() {
        byte[] wire = EventBatch.format(List.of(FULL, Message.of("ü")));

        assertThat(EventBatch.parse(wire))
                .containsExactly(FULL.toBuilder().property("empty", "").build(), Message.of("ü"));
    }

    @Test
    void base64_is_the_default_in_a_batch_and_text_needs_to_say_so() {
        String wire = "[{\"body\":\"aGVsbG8=\",\"properties\":{\"iothub-app-k\":\"v\"}},"
                + "{\"body\":\"plain\",\"base64Encoded\":false}]";

        assertThat(EventBatch.parse(wire.getBytes(StandardCharsets.UTF_8)))
                .containsExactly(Message.builder("hello").property("k", "v").build(), Message.of("plain"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[{\"body\":\"!\"}] | element 0: [body] is not base64",
                "[{\"body\":\"\"},{}] | element 1: [body] must be a text",
                "[{\"body\":\"\",\"base64Encoded\":1}] | element 0: [base64Encoded]",
                "[{\"body\":\"\",\"properties\":[]}] | element 0: [properties]",
                "[{\"body\":\"\",\"properties\":{\"iothub-app-k\":{}}}] | [properties.iothub-app-k]",
                "{} | not a JSON array",
                "[ | not JSON"
            })
    void a_broken_batch_names_element_and_member(String wire, String text) {
        assertThatThrownBy(() -> EventBatch.parse(wire.getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(RemoteProtocolException.class)
                .hasMessageContaining(text);
    }

    @Test
    void tells_a_batch_by_its_media_type_alone() {
        assertThat(EventBatch.isBatch("application/vnd.microsoft.iothub.json;charset=utf-8"))
                .isTrue();
        assertThat(EventBatch.isBatch("Application/VND.microsoft.iothub.JSON")).isTrue();
        assertThat(EventBatch.isBatch("application/json")).isFalse();
    }

    @Test
    void writes_times_in_us_style_and_reads_both_styles() {
        Instant noon = Instant.parse("2019-12-09T12:10:00Z");

        assertThat(HttpTime.format(noon)).isEqualTo("12/09/2019 12:10:00 PM");
        assertThat(HttpTime.parse("12/09/2019 12:10:00 PM")).contains(noon);
        assertThat(HttpTime.parse("12/22/2017 12:14:12 AM")).contains(Instant.parse("2017-12-22T00:14:12Z"));
        assertThat(HttpTime.parse("2019-12-09T12:10:00.0000000Z")).contains(noon);
        assertThat(HttpTime.parse("")).isEmpty();
        assertThat(HttpTime.parse("soon")).isEmpty();
    }
}
