package io.hubwire.mqtt.link;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.hubwire.protocol.http.AnswerHead;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Bytes from a hub or a proxy: they are read, or refused with an {@link IOException}. How to fuzz: CONTRIBUTING.md. */
class WireFuzzTest {
    /** In full or in as many bytes at once as the first one says. */
    @MethodSource("packets")
    @FuzzTest(maxDuration = "1m")
    void any_bytes_are_mqtt_packets_or_refused(byte[] bytes) {
        List<PacketType> seen = new ArrayList<>();
        List<String> traced = new ArrayList<>();
        PacketInput in = new PacketInput(
                pieces(bytes),
                new PacketTap(event -> traced.add(event.summary()), type -> {}, (type, id) -> seen.add(type)));
        in.release();
        try {
            assertThat(in.readAllBytes()).isEqualTo(bytes);
        } catch (IOException refused) {
            assertThat(refused).hasMessageNotContaining("\n");
        }
        assertThat(seen).allMatch(PacketType::fromServer);
        assertThat(traced).hasSameSizeAs(seen).noneMatch(line -> line.contains("\n"));
    }

    @MethodSource("frames")
    @FuzzTest(maxDuration = "1m")
    void any_bytes_are_a_web_socket_stream_or_refused(byte[] bytes) {
        ByteArrayOutputStream answers = new ByteArrayOutputStream();
        WebSocketInput in = new WebSocketInput(pieces(bytes), new WebSocketOutput(answers, () -> 0L));
        try {
            assertThat(in.readAllBytes()).hasSizeLessThanOrEqualTo(bytes.length);
        } catch (IOException refused) {
            assertThat(String.valueOf(refused.getMessage())).doesNotContain("\n");
        }
        assertThat(answers.size()).as("pongs").isLessThanOrEqualTo(3 * bytes.length + 8);
    }

    @MethodSource("heads")
    @FuzzTest(maxDuration = "1m")
    void any_bytes_are_the_head_of_an_http_answer_or_refused(byte[] bytes) {
        ByteArrayInputStream in = new ByteArrayInputStream(bytes);
        try {
            AnswerHead head = AnswerReader.read(in, "the peer");
            assertThat(head.status()).isBetween(100, 999);
            assertThat(head.headers().keySet()).noneMatch(name -> name.contains("\n") || name.contains(":"));
            int end = bytes.length - in.available();
            assertThat(new String(bytes, 0, end, ISO_8859_1)).endsWith("\r\n\r\n");
        } catch (IOException refused) {
            assertThat(refused).hasMessageStartingWith("the peer ").hasMessageNotContaining("\n");
        }
    }

    private static InputStream pieces(byte[] bytes) {
        int most = bytes.length == 0 || (bytes[0] & 7) == 0 ? Integer.MAX_VALUE : bytes[0] & 7;
        return new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] target, int offset, int length) {
                return super.read(target, offset, Math.min(length, most));
            }
        };
    }

    /** CONNACK, SUBACK, PUBLISH, PUBACK, PINGRESP; then a packet of a client and one with too long a length. */
    static Stream<byte[]> packets() {
        return hex("200200009003000101300500016168694002000ad000", "c000", "30ffffffff7f");
    }

    static Stream<byte[]> frames() {
        return hex("020348656c80026c6f8200", "890548656c6c6f8a0100820107", "880603f062757379", "827e0100");
    }

    static Stream<byte[]> heads() {
        return Stream.of(
                        "HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: x\r\nUpgrade:websocket\r\n\r\nrest",
                        "HTTP/1.0 407\r\n\r\n",
                        "HTTP/1.1 2\r\n\r\n",
                        "SSH-2.0-x\r\n\r\n",
                        "HTTP/1.1 200 OK\r\nDa\nte: a\nb\r\n\r\n",
                        "HTTP/1.1 200 OK\r\nDate: Thu, 01 Jan 1970 00:00:00 GMT\r\n")
                .map(text -> text.getBytes(ISO_8859_1));
    }

    private static Stream<byte[]> hex(String... texts) {
        return Stream.of(texts).map(HexFormat.of()::parseHex);
    }
}
