package io.hubwire.mqtt.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The streams over frames; the frames themselves are protocol's. */
class WebSocketFramesTest {
    private static final int MASK_OF_THE_RFC = 0x37fa213d;

    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private final WebSocketOutput output = new WebSocketOutput(sent, () -> (long) MASK_OF_THE_RFC << 32);

    @Test
    void each_write_is_one_masked_frame() throws IOException {
        output.write("Hello".getBytes(StandardCharsets.US_ASCII));
        output.write('!');
        assertThat(sent.toByteArray()).isEqualTo(hex("828537fa213d7f9f4d5158" + "828137fa213d16"));
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

    @Test
    void a_close_with_a_reason_says_why_and_counts_as_the_peers_doing() {
        assertThatThrownBy(() -> readAll("880603f062757379"))
                .isInstanceOf(EOFException.class)
                .satisfies(e -> assertThat(LinkFailures.endedByPeer(e)).isTrue())
                .satisfies(e -> assertThat(LinkFailures.explain(e, "hub:443", true))
                        .hasMessageContaining("the peer closed the WebSocket with 1008 [busy]"));
        assertThat(sent.size()).as("answered").isEqualTo(8);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "c20161", // a reserved bit
                "810161", // text
                "800161", // a continuation of nothing
                "897e007e", // a ping that is too long
                "8905ab", // cut off in a ping
                "82", // cut off in the head
                "827f0000" // cut off in the length
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
