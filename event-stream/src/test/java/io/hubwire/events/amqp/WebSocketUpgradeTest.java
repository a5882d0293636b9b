package io.hubwire.events.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.http.AnswerHead;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** HTTP as far as WebSocket and proxies need it. */
class WebSocketUpgradeTest {
    private static final Route ROUTE =
            new Route("localhost", 8443, "myhub.azure-devices.net", null, "/$iothub/websocket", null);

    private final WebSocketUpgrade upgrade = new WebSocketUpgrade(ROUTE, "/$iothub/websocket", new Random() {
        private static final long serialVersionUID = 1L;

        @Override
        public void nextBytes(byte[] bytes) {
            // RFC 6455 section 1.3
            System.arraycopy("the sample nonce".getBytes(StandardCharsets.US_ASCII), 0, bytes, 0, 16);
        }
    });

    private static AnswerHead read(String text) throws IOException {
        return AnswerReader.read(in(text), () -> {}, "the peer");
    }

    private static InputStream in(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void asks_for_amqp_at_the_services_name() {
        assertThat(new String(upgrade.request(), StandardCharsets.US_ASCII))
                .startsWith("GET /$iothub/websocket HTTP/1.1\r\nHost: myhub.azure-devices.net:8443\r\n")
                .contains("Sec-WebSocket-Protocol: AMQPWSB10\r\n", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n");
    }

    @Test
    void takes_the_accept_of_the_rfcs_example() {
        upgrade.check(new AnswerHead(
                101,
                Map.of(
                        "sec-websocket-accept", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
                        "sec-websocket-protocol", "AMQPWSB10")));
    }

    @Test
    void refuses_another_status_another_key_and_another_subprotocol() {
        assertThatThrownBy(() -> upgrade.check(new AnswerHead(404, Map.of())))
                .isInstanceOfSatisfying(
                        HubwireException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNREACHABLE))
                .hasMessageContainingAll("404", "[/$iothub/websocket]");
        assertThatThrownBy(() -> upgrade.check(new AnswerHead(
                        101, Map.of("sec-websocket-accept", "AAAA", "sec-websocket-protocol", "AMQPWSB10"))))
                .isInstanceOf(RemoteProtocolException.class)
                .hasMessageContaining("Sec-WebSocket-Accept");
        assertThatThrownBy(() -> upgrade.check(new AnswerHead(
                        101,
                        Map.of(
                                "sec-websocket-accept",
                                "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
                                "sec-websocket-protocol",
                                "mqtt"))))
                .isInstanceOf(RemoteProtocolException.class)
                .hasMessageContaining("[mqtt]");
    }

    @Test
    void reads_a_head_and_not_a_byte_more() throws IOException {
        InputStream in = in("HTTP/1.1 200 Connection established\r\nVia: x\r\n\r\nAMQP");
        AnswerHead answer = AnswerReader.read(in, () -> {}, "the peer");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("via")).contains("x");
        assertThat(in.readAllBytes()).asString().isEqualTo("AMQP");
    }

    @Test
    void a_peer_that_hangs_up_in_the_middle_of_a_head_is_told_from_one_that_breaks_http() {
        assertThatThrownBy(() -> read("HTTP/1.1 200 x\r\n")).isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> read("SSH-2.0-x\r\n\r\n"))
                .isInstanceOf(RemoteProtocolException.class)
                .hasMessage("the peer did not answer in HTTP/1.1");
    }
}
