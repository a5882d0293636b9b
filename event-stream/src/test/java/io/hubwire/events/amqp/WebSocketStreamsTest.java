package io.hubwire.events.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The streams over frames; the frames themselves are protocol's. */
class WebSocketStreamsTest {
    /** The mask of the RFC's examples. */
    private static final int MASK = 0x37fa213d;

    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private final WebSocketOutput output = new WebSocketOutput(sent, new Random() {
        private static final long serialVersionUID = 1L;

        @Override
        public int nextInt() {
            return MASK;
        }
    });

    private WebSocketInput input(String hex) {
        return new WebSocketInput(new ByteArrayInputStream(hex(hex)), output);
    }

    @Test
    void masks_what_it_sends() throws IOException {
        output.write("Hello".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        assertThat(HexFormat.of().formatHex(sent.toByteArray())).isEqualTo("828537fa213d7f9f4d5158");
    }

    @ParameterizedTest
    @CsvSource({"125, 82fd", "126, 82fe007e", "32768, 82fe8000", "32769, 82fe8000"})
    void says_how_long_a_frame_is_in_as_few_bytes_as_can_be(int length, String head) throws IOException {
        output.write(new byte[length]);
        assertThat(HexFormat.of().formatHex(sent.toByteArray())).startsWith(head);
        int frames = length > 32_768 ? 2 : 1;
        assertThat(sent.size()).isEqualTo(length + (head.length() / 2 + 4) + (frames - 1) * 6);
    }

    @Test
    void reads_frames_fragments_and_lengths_of_all_sizes_as_one_stream() throws IOException {
        String twoByteLength = "827e0100" + "ab".repeat(256);
        String eightByteLength = "827f0000000000010000" + "cd".repeat(65_536);
        String fragments = "020348656c" + "8900" + "80026c6f";
        byte[] read =
                input(fragments + "8200" + twoByteLength + eightByteLength).readAllBytes();
        assertThat(HexFormat.of().formatHex(read)).isEqualTo("48656c6c6f" + "ab".repeat(256) + "cd".repeat(65_536));
    }

    @Test
    void answers_a_ping_with_its_content_and_passes_over_a_pong() throws IOException {
        assertThat(input("890548656c6c6f" + "8a0100" + "820107").readAllBytes()).containsExactly(7);
        assertThat(HexFormat.of().formatHex(sent.toByteArray())).isEqualTo("8a8537fa213d7f9f4d5158");
    }

    @Test
    void a_close_is_answered_once_and_ends_the_stream() throws IOException {
        assertThat(input("880203e8").read()).isEqualTo(-1);
        output.close();
        assertThat(HexFormat.of().formatHex(sent.toByteArray())).isEqualTo("888237fa213d3412");
        assertThatThrownBy(() -> output.write(1)).isInstanceOf(IOException.class);
    }

    @Test
    void a_close_with_another_code_than_1000_says_why() {
        assertThatThrownBy(() -> input("880603f0" + "62757379").read())
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll("1008", "busy");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "810161", // text
                "828100000000aa", // masked by a server
                "800161", // continuation of nothing
                "897e007e", // ping of 126 bytes
                "880103" // half a code
            })
    void refuses_what_breaks_the_protocol(String hex) {
        assertThatThrownBy(() -> input(hex).readAllBytes())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("RFC 6455");
    }

    @ParameterizedTest
    @ValueSource(strings = {"82", "827e01", "820548", "8905ab"})
    void a_frame_that_stops_half_way_is_no_orderly_end(String hex) {
        assertThatThrownBy(() -> input(hex).readAllBytes()).isInstanceOf(EOFException.class);
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }
}
