package io.hubwire.localhub.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameAssemblerTest {
    private static final byte[] SASL = hex("414d515003010000");
    private static final byte[] HEADER = hex("414d515000010000");
    private static final byte[] EMPTY_FRAME = hex("0000000802000000");
    private static final byte[] FRAME = hex("0000000c02000001aabbccdd");

    private final FrameAssembler frames = new FrameAssembler(512);

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 8, 9, 13, 1000})
    void hands_on_whole_units_only_and_loses_no_byte(int piece) {
        byte[] stream = joined(SASL, FRAME, HEADER, EMPTY_FRAME, FRAME, FRAME);
        List<Integer> ends = List.of(0, 8, 20, 28, 36, 48, 60);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int at = 0; at < stream.length; at += piece) {
            int count = Math.min(piece, stream.length - at);
            byte[] bytes = new byte[count + 5]; // a buffer may be longer than what is in it
            System.arraycopy(stream, at, bytes, 0, count);
            out.writeBytes(frames.add(bytes, count));
            assertThat(ends).contains(out.size());
        }
        assertThat(out.toByteArray()).isEqualTo(stream);
    }

    @Test
    void waits_for_a_frame_as_large_as_is_allowed() {
        byte[] frame = new byte[512];
        frame[2] = 2;
        assertThat(frames.add(frame, 511)).isEmpty();
        assertThat(frames.add(new byte[1], 1)).isEqualTo(frame);
    }

    @ParameterizedTest
    @ValueSource(strings = {"00000201", "00000007", "00000000", "ffffffff", "80000000", "47455420"})
    void does_not_wait_for_what_can_never_be_a_frame(String size) {
        assertThat(frames.add(hex(size), 3)).isEmpty();
        assertThat(frames.add(hex(size.substring(6)), 1)).isEqualTo(hex(size));
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }
}
