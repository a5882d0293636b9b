package io.hubwire.protocol.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.hubwire.protocol.RemoteProtocolException;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** How to fuzz for longer than the seeds: CONTRIBUTING.md. */
class MqttPacketsFuzzTest {
    @MethodSource("packets")
    @FuzzTest(maxDuration = "1m")
    void any_bytes_are_described_on_one_line(byte[] bytes) {
        String line = MqttPackets.describe(bytes);
        assertThat(line).doesNotContain("\n", "\r");
        try {
            assertThat(MqttPackets.decode(bytes).name()).isNotEmpty();
        } catch (RemoteProtocolException malformed) {
            assertThat(line).isEqualTo("malformed: " + malformed.getMessage());
        }
    }

    /** CONNECT with user name and password, CONNACK, PUBLISH with QoS 1, SUBSCRIBE, SUBACK, PINGREQ, one cut off. */
    static Stream<byte[]> packets() {
        return Stream.of(
                        "101400044d51545404c2003c0001640002682f000170",
                        "20020000",
                        "32090003612f620001686a",
                        "820800010003612f2301",
                        "9003000101",
                        "c000",
                        "3005")
                .map(HexFormat.of()::parseHex);
    }
}
