package io.hubwire.protocol.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.protocol.RemoteProtocolException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bytes printed in the protocol documents, and bytes no one should send. */
class MqttPacketsTest {
    private static final String CONNECT =
            "10 33 00 04 4d 51 54 54 04 c0 00 f0 00 04 64 65 76 31 00 1e 68 2f 64 65 76 31"
                    + " 2f 3f 61 70 69 2d 76 65 72 73 69 6f 6e 3d 32 30 32 31 2d 30 34 2d 31 32 00 01 70";
    private static final String TELEMETRY =
            "32 2c 00 26 64 65 76 69 63 65 73 2f 64 65 76 31 2f 6d 65 73 73 61 67 65 73 2f"
                    + " 65 76 65 6e 74 73 2f 25 32 34 2e 6d 69 64 3d 31 00 05 7b 7d";
    private static final String TWIN_GET =
            "30 1a 00 18 24 69 6f 74 68 75 62 2f 74 77 69 6e 2f 47 45 54 2f 3f 24 72 69 64 3d 31";
    private static final String SUBSCRIBE =
            "82 17 00 01 00 12 24 69 6f 74 68 75 62 2f 74 77 69 6e 2f 72 65 73 2f 23 00";

    @Test
    void the_documented_packets_are_described() {
        assertThat(described(CONNECT))
                .isEqualTo("client=dev1 keepAlive=240s cleanSession=false user=h/dev1/?api-version=2021-04-12"
                        + " password=***");
        assertThat(described(TELEMETRY))
                .isEqualTo("qos=1 id=5 devices/dev1/messages/events/%24.mid=1"
                        + " (telemetry of device dev1, message-id=1) 2 bytes {}");
        assertThat(described(TWIN_GET)).isEqualTo("qos=0 $iothub/twin/GET/?$rid=1 (read the twin, request 1) 0 bytes");
        assertThat(described(SUBSCRIBE)).isEqualTo("id=1 qos=0 $iothub/twin/res/# (answers to twin requests)");
        assertThat(described("20 02 01 00")).isEqualTo("code=0 (accepted) sessionPresent=true");
        assertThat(described("40 02 00 05")).isEqualTo("id=5");
        assertThat(described("90 04 00 01 01 80")).isEqualTo("id=1 granted qos=1, refused");
        assertThat(described("c0 00")).isEmpty();
        assertThat(MqttPackets.decode(bytes("d0 00")).name()).isEqualTo("PINGRESP");
    }

    @Test
    void a_token_is_shown_without_its_signature() {
        byte[] connect = connect("SharedAccessSignature sr=h%2Fdevices%2Fd&sig=c2VjcmV0&se=1700000000&skn=p&x=y");
        assertThat(MqttPackets.describe(connect))
                .contains("password=SharedAccessSignature sr=h%2Fdevices%2Fd&sig=***&se=1700000000&skn=p&***")
                .doesNotContain("c2VjcmV0");
        assertThat(MqttPackets.decode(connect).toString()).doesNotContain("c2VjcmV0");
    }

    @Test
    void a_line_break_in_the_protocol_name_stays_out_of_the_trace() {
        assertThat(MqttPackets.describe(bytes("10 0c 00 04 0d 0a 54 54 04 00 00 3c 00 00")))
                .contains("protocol [\\r\\nTT]")
                .doesNotContain("\r", "\n");
    }

    @Test
    void secrets_in_the_wrong_place_are_masked() {
        String key = "SharedAccessKeyName=iothubowner;SharedAccessKey=c2VjcmV0";
        byte[] publish = publish("devices/d/messages/events/t=a", "{\"cs\":\"HostName=h;" + key + "\"}\n\u202e");
        assertThat(MqttPackets.describe(publish))
                .contains("SharedAccessKey=***\"}\\n\\u202e")
                .doesNotContain("c2VjcmV0");
    }

    @Test
    void a_payload_that_is_no_text_is_shown_in_hex_and_a_long_one_is_cut() {
        assertThat(MqttPackets.describe(publish("devices/d/messages/events/", new byte[] {(byte) 0xff, 0})))
                .endsWith(" 2 bytes 0xff00");
        assertThat(MqttPackets.describe(publish("devices/d/messages/events/", "x".repeat(10_000))))
                .hasSizeLessThan(500)
                .endsWith("…");
    }

    @ParameterizedTest
    @CsvSource({
        "'', cut off",
        "10, cut off",
        "30 05 00, cut off",
        "c0 01 00, 1 bytes too many",
        "c0 00 00, ends at byte 2",
        "f0 00, reserved",
        "00 00, reserved",
        "36 05 00 01 61 00 01, QoS 3",
        "32 05 00 01 61 00 00, must not be 0",
        "30 04 00 02 c3 28, not UTF-8",
        "30 03 00 01 00, U+0000",
        "30 03 00 05 61, ends within the topic",
        "80 06 00 01 00 01 61 00, low four bits",
        "82 02 00 01, ends within the topic filter",
        "82 06 00 01 00 01 61 03, must be 0",
        "10 0c 00 04 4d 51 54 54 05 02 00 3c 00 00, not MQTT 3.1.1",
        "10 0c 00 04 4d 51 54 54 04 03 00 3c 00 00, contradict",
        "20 02 02 00, bit 0",
        "90 03 00 01 05, 'must be 0, 1, 2 or 128'",
        "30 ff ff ff ff 01, more than four bytes"
    })
    void a_packet_against_the_standard_is_located(String hex, String complaint) {
        assertThatThrownBy(() -> MqttPackets.decode(bytes(hex)))
                .isInstanceOf(RemoteProtocolException.class)
                .hasMessageContaining(complaint);
        assertThat(MqttPackets.describe(bytes(hex))).startsWith("malformed: ").contains(complaint);
    }

    @Test
    void a_stream_is_cut_into_its_packets_wherever_it_was_torn() {
        byte[] stream = bytes(CONNECT + TELEMETRY + "c0 00" + TWIN_GET);
        for (int size = 1; size <= stream.length; size++) {
            MqttPacketSplitter splitter = new MqttPacketSplitter();
            List<byte[]> packets = new java.util.ArrayList<>();
            for (int from = 0; from < stream.length; from += size) {
                packets.addAll(splitter.add(stream, from, Math.min(size, stream.length - from)));
            }
            assertThat(packets).containsExactly(bytes(CONNECT), bytes(TELEMETRY), bytes("c0 00"), bytes(TWIN_GET));
            assertThat(splitter.heldBytes()).isZero();
        }
    }

    @Test
    void a_packet_of_half_a_megabyte_passes_and_a_larger_one_is_refused_by_its_header() {
        byte[] largest = publish("a", new byte[MqttPacketSplitter.MAX_PACKET_BYTES - 7]);
        assertThat(largest).hasSize(MqttPacketSplitter.MAX_PACKET_BYTES);
        assertThat(new MqttPacketSplitter().add(largest)).containsExactly(largest);

        MqttPacketSplitter splitter = new MqttPacketSplitter();
        assertThatThrownBy(() -> splitter.add(bytes("30 fd ff 1f"))).hasMessageContaining("at most 524288");
        assertThatThrownBy(() -> splitter.add(bytes("c0 00"))).hasMessageContaining("at most 524288");
    }

    private static String described(String hex) {
        return MqttPackets.describe(bytes(hex));
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    private static byte[] connect(String password) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        field(body, "MQTT");
        body.writeBytes(new byte[] {4, (byte) 0xc0, 0, 60});
        field(body, "d");
        field(body, "h/d/?api-version=2021-04-12");
        field(body, password);
        return packet(0x10, body.toByteArray());
    }

    private static byte[] publish(String topic, String payload) {
        return publish(topic, payload.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] publish(String topic, byte[] payload) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        field(body, topic);
        body.writeBytes(payload);
        return packet(0x30, body.toByteArray());
    }

    private static void field(ByteArrayOutputStream out, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.write(utf8.length >> 8);
        out.write(utf8.length);
        out.writeBytes(utf8);
    }

    private static byte[] packet(int first, byte[] body) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(first);
        int rest = body.length;
        do {
            out.write((rest & 0x7f) | (rest > 127 ? 0x80 : 0));
            rest >>= 7;
        } while (rest > 0);
        out.writeBytes(body);
        return out.toByteArray();
    }
}
