package io.hubwire.protocol.websocket;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.protocol.RemoteProtocolException;
import org.junit.jupiter.api.Test;

/** With the nonce, the key and the answer of RFC 6455 section 1.3. */
class WebSocketHandshakeTest {
    private static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

    private final WebSocketHandshake handshake = new WebSocketHandshake(
            "myhub.azure-devices.net:8443", "/$iothub/websocket", "mqtt", "the sample nonce".getBytes(US_ASCII));

    @Test
    void asks_as_rfc_6455_wants_it() {
        assertThat(new String(handshake.request(), US_ASCII))
                .isEqualTo("GET /$iothub/websocket HTTP/1.1\r\n"
                        + "Host: myhub.azure-devices.net:8443\r\n"
                        + "Upgrade: websocket\r\n"
                        + "Connection: Upgrade\r\n"
                        + "Sec-WebSocket-Version: 13\r\n"
                        + "Sec-WebSocket-Protocol: mqtt\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
    }

    @Test
    void takes_the_answer_of_the_rfcs_example() {
        assertThatCode(() -> handshake.check(ACCEPT, "mqtt")).doesNotThrowAnyException();
    }

    @Test
    void refuses_another_key_and_another_subprotocol() {
        for (String accepted : new String[] {"", "AAAA", ACCEPT.toLowerCase(java.util.Locale.ROOT)}) {
            assertThatThrownBy(() -> handshake.check(accepted, "mqtt"))
                    .isInstanceOf(RemoteProtocolException.class)
                    .hasMessageContaining("Sec-WebSocket-Accept");
        }
        for (String chosen : new String[] {"", "AMQPWSB10", "mqttv3.1"}) {
            assertThatThrownBy(() -> handshake.check(ACCEPT, chosen))
                    .isInstanceOf(RemoteProtocolException.class)
                    .hasMessageContaining("[" + chosen + "]");
        }
    }
}
