package io.hubwire.localhub.store.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.localhub.store.log.Frames.Found;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class FramesTest {
    /** Found by {@link SegmentFuzzTest}: the checksum is right. */
    @Test
    void a_version_that_never_was_is_damage() {
        byte[] header = HexFormat.of()
                .parseHex("48574952454c4f4700000000" + "00000002aeffffffffffff0300000000000000040300000000000000"
                        + "00000004" + "06a83742");
        assertThat(header).hasSize(Frames.HEADER_BYTES);
        assertThat(Frames.header(header)).isEqualTo(Found.DAMAGED);
        byte[] ours = Frames.readHeader(header).bytes();
        assertThat(Frames.header(ours)).isEqualTo(Found.WHOLE);
        ours[11]++;
        assertThat(Frames.header(ours)).isEqualTo(Found.NEWER);
    }
}
