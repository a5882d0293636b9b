package io.hubwire.protocol.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.protocol.RemoteProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerHeadTest {
    /** Of all bytes but the last none may complete the head. */
    private static AnswerHead read(String text) {
        AnswerHead.Gatherer gatherer = new AnswerHead.Gatherer("the peer");
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < bytes.length - 1; i++) {
            assertThat(gatherer.add(bytes[i] & 0xff)).isEmpty();
        }
        Optional<AnswerHead> head = gatherer.add(bytes[bytes.length - 1] & 0xff);
        return head.orElseThrow();
    }

    @Test
    void reads_status_and_headers_in_any_case_and_the_first_of_repeated_ones() {
        AnswerHead head = read("HTTP/1.1 200 Connection established\r\nVia: x\r\nVIA: y\r\nempty:\r\nno colon\r\n\r\n");
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.header("via")).contains("x");
        assertThat(head.header("empty")).contains("");
        assertThat(head.header("absent")).isEmpty();
        assertThat(head.headers()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.0 407\r\n\r\n", "HTTP/1.1 407 \r\n\r\n", "HTTP/1.1 407 é\r\n\r\n"})
    void needs_no_reason_and_no_header(String text) {
        assertThat(read(text).status()).isEqualTo(407);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-x\r\n\r\n",
                "HTTP/1.1 2000 x\r\n\r\n",
                "HTTP/1.1 099 x\r\n\r\n",
                "HTTP/1.1 abc\r\n\r\n",
                "HTTP/2 200\r\n\r\n",
                "\r\n\r\n"
            })
    void refuses_what_is_no_http(String text) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(RemoteProtocolException.class)
                .hasMessage("the peer did not answer in HTTP/1.1");
    }

    /** They would come back in texts of errors, and make two lines of a log of one. Found by WireFuzzTest of the device. */
    @ParameterizedTest
    @ValueSource(strings = {"Date: a\nb", "Da\nte: a", "Date: a\rb", "Date: \0", "Date\u001b: a"})
    void refuses_a_header_with_a_control_character(String header) {
        assertThatThrownBy(() -> read("HTTP/1.1 200 OK\r\nVia:\tx\r\n" + header + "\r\n\r\n"))
                .isInstanceOf(RemoteProtocolException.class)
                .hasMessage("the peer sent a control character in header 2; RFC 9110 section 5.5");
    }

    @Test
    void refuses_a_head_that_does_not_end() {
        assertThatThrownBy(() -> read("HTTP/1.1 200 " + "x".repeat(20_000)))
                .isInstanceOf(RemoteProtocolException.class)
                .hasMessage("the peer sent more than 16384 bytes of headers");
    }
}
