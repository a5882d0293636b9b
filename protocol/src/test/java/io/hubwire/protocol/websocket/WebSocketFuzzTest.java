package io.hubwire.protocol.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.hubwire.protocol.RemoteProtocolException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** How to fuzz for longer than the seeds: CONTRIBUTING.md. */
class WebSocketFuzzTest {
    @MethodSource("streams")
    @FuzzTest(maxDuration = "1m")
    void any_bytes_are_frames_or_refused(byte[] bytes) {
        ByteBuffer left = ByteBuffer.wrap(bytes);
        BinaryMessages order = new BinaryMessages();
        try {
            while (left.remaining() >= 2 && left.remaining() >= FrameHead.size(left.get(left.position() + 1))) {
                byte[] head = new byte[FrameHead.size(left.get(left.position() + 1))];
                left.get(head);
                FrameHead frame = order.accept(FrameHead.parse(head));
                assertThat(frame.length()).isNotNegative();
                byte[] payload = new byte[(int) Math.min(frame.length(), left.remaining())];
                left.get(payload);
                if (frame.opcode() == Opcode.CLOSE && payload.length == frame.length()) {
                    assertThat(CloseReason.parse(payload).toString()).doesNotContain("\n", "\r");
                }
            }
        } catch (RemoteProtocolException refused) {
            assertThat(refused).hasMessageContaining("RFC 6455").hasMessageNotContaining("\n");
        }
    }

    static Stream<byte[]> streams() {
        return Stream.of(
                        "020348656c80026c6f8200",
                        "827e0100",
                        "827f0000000000010000",
                        "890548656c6c6f8a0100820107",
                        "880603f062757379",
                        "8803e8")
                .map(HexFormat.of()::parseHex);
    }
}
