package io.hubwire.mqtt.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames against the examples of RFC 6455 section 5.7 and against its rules. */
class WebSocketFramesTest {
    private static final int MASK_OF_THE_RFC = 0x37fa213d;

    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private final WebSocketOutput output = new WebSocketOutput(sent, () -> (long) MASK_OF_THE_RFC << 32);

    @Test
    void masks_as_the_example_of_the_rfc_does() throws IOException {
        output.frame(1, "Hello".getBytes(StandardCharsets.US_ASCII), 0, 5);
        assertThat(sent.toByteArray()).isEqualTo(hex("818537fa213d7f9f4d5158"));
    }

    @Test
    void writes_each_of_the_three_forms_of_length() throws IOException {
        for (int length : new int[] {0, 125, 126, 65_535, 65_536, 300_000}) {
            sent.reset();
            output.write(new byte[length], 0, length);
            byte[] frame = sent.toByteArray();
            frame[1] &= 0x7f; // what the server would see unmasked
            int header = length < 126 ? 2 : length <= 65_535 ? 4 : 10;
            assertThat(frame.length).isEqualTo(header + 4 + length);
            assertThat(frame[0]).isEqualTo((byte) 0x82);
            long said = length < 126 ? frame[1] : Long.parseLong(HexFormat.of().formatHex(frame, 2, header), 16);
            assertThat(said).isEqualTo(length);
        }
    }

    @Test
    void reads_frames_however_the_message_is_cut() throws IOException {
        // "Hel" and "lo" as in the RFC, but binary; then an empty frame and one more
        assertThat(readAll("020348656c" + "80026c6f" + "8200" + "820121")).isEqualTo("Hello!");
    }

    @Test
    void reads_the_longer_forms_of_length() throws IOException {
        String body = "61".repeat(300);
        assertThat(readAll("827e012c" + body)).hasSize(300);
        assertThat(readAll("827f000000000000012c" + body)).hasSize(300);
    }

    @Test
    void answers_a_ping_with_its_content_and_ignores_pongs() throws IOException {
        assertThat(readAll("890548656c6c6f" + "8a0101" + "820161")).isEqualTo("a");
        assertThat(sent.toByteArray()).isEqualTo(hex("8a8537fa213d7f9f4d5158"));
    }

    @Test
    void a_closing_frame_ends_the_stream_and_is_answered_once() throws IOException {
        assertThat(readAll("820161" + "880203e8" + "820162")).isEqualTo("a");
        output.sayGoodbye();
        assertThat(sent.toByteArray()).hasSize(8).startsWith(0x88, 0x82);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "c20161", // a reserved bit
                "828161", // masked by the server
                "810161", // text
                "830161", // a kind nobody knows
                "897e007e", // a ping that is too long
                "82ff", // cut off in the length
                "827fffffffffffffffff61" // a negative length
            })
    void refuses_what_breaks_the_rules(String frames) {
        assertThatThrownBy(() -> readAll(frames)).isInstanceOf(IOException.class);
    }

    private String readAll(String frames) throws IOException {
        WebSocketInput input = new WebSocketInput(new ByteArrayInputStream(hex(frames)), output);
        return new String(input.readAllBytes(), StandardCharsets.US_ASCII);
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }
}
