package io.hubwire.protocol.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class FramesPropertiesTest {
    @Property(tries = 1000)
    void a_server_reads_the_payload_that_was_sent(
            @ForAll @Size(max = 300) byte[] payload, @ForAll @IntRange(max = 300) int offset, @ForAll int mask) {
        int from = Math.min(offset, payload.length);
        byte[] frame = ClientFrame.format(Opcode.BINARY, payload, from, payload.length - from, mask);
        int headBytes = FrameHead.size(frame[1]);
        byte[] unmasked = Arrays.copyOfRange(frame, headBytes + 4, frame.length);
        for (int i = 0; i < unmasked.length; i++) {
            unmasked[i] ^= (byte) (mask >> (24 - 8 * (i % 4)));
        }
        byte[] head = Arrays.copyOf(frame, headBytes);
        assertThat(head[1]).as("masked").isNegative();
        head[1] &= 0x7f;
        assertThat(FrameHead.parse(head)).isEqualTo(new FrameHead(Opcode.BINARY, true, payload.length - from));
        assertThat(unmasked).isEqualTo(Arrays.copyOfRange(payload, from, payload.length));
    }
}
