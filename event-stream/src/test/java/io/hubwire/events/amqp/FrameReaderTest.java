package io.hubwire.events.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameReaderTest {
    private static final int MAX_FRAME = 512;
    private static final byte[] STREAM = hex(
            "414d515003010000" // SASL header
                    + "0000000c02010000aabbccdd" + "414d515000010000" // AMQP header
                    + "0000000802000000" + "0000000902000000ee");
    private static final List<Integer> ENDS = List.of(8, 20, 28, 36, 45);

    /** A stream that gives at most so many bytes at a time. */
    private static InputStream inPieces(byte[] bytes, int most) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] target, int offset, int length) {
                return super.read(target, offset, Math.min(length, most));
            }
        };
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 7, 8, 9, 11, 44, 1000})
    void hands_on_whole_headers_and_frames_and_loses_no_byte(int most) throws IOException {
        FrameReader frames = new FrameReader(inPieces(STREAM, most), MAX_FRAME);
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] run = frames.next(); run != null; run = frames.next()) {
            all.writeBytes(run);
            assertThat(ENDS).contains(all.size());
        }
        assertThat(all.toByteArray()).isEqualTo(STREAM);
    }

    @Test
    void waits_for_the_largest_frame_that_is_allowed_also_behind_another() throws IOException {
        byte[] two = new byte[8 + MAX_FRAME];
        two[3] = 8;
        two[8 + 2] = 2;
        FrameReader frames = new FrameReader(inPieces(two, two.length - 1), MAX_FRAME);
        assertThat(frames.next()).hasSize(8);
        assertThat(frames.next()).hasSize(MAX_FRAME);
        assertThat(frames.next()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"00000201", "00000007", "00000000", "ffffffff", "80000000", "48545450"})
    void does_not_wait_for_what_can_never_be_a_frame(String size) throws IOException {
        assertThat(new FrameReader(inPieces(hex(size), 1), MAX_FRAME).next()).isEqualTo(hex(size));
    }

    @Test
    void a_frame_that_stops_half_way_is_the_end() throws IOException {
        assertThat(new FrameReader(inPieces(hex("0000000c0201"), 6), MAX_FRAME).next())
                .isNull();
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }
}
