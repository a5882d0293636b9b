package io.hubwire.protocol.websocket;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.protocol.RemoteProtocolException;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames against the examples of RFC 6455 section 5.7 and against its rules. */
class FramesTest {
    private static final int MASK_OF_THE_RFC = 0x37fa213d;

    @Test
    void masks_as_the_example_of_the_rfc_does() {
        byte[] hello = "Hello".getBytes(US_ASCII);
        assertThat(hex(ClientFrame.format(Opcode.TEXT, hello, 0, 5, MASK_OF_THE_RFC)))
                .isEqualTo("818537fa213d7f9f4d5158");
        assertThat(hex(ClientFrame.format(Opcode.PONG, hello, 0, 5, MASK_OF_THE_RFC)))
                .isEqualTo("8a8537fa213d7f9f4d5158");
        assertThat(hello).as("stays as it is").isEqualTo("Hello".getBytes(US_ASCII));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 8280",
        "125, 82fd",
        "126, 82fe007e",
        "65535, 82feffff",
        "65536, 82ff0000000000010000",
        "300000, 82ff00000000000493e0"
    })
    void says_how_long_it_is_in_as_few_bytes_as_can_be(int length, String head) {
        byte[] frame = ClientFrame.format(Opcode.BINARY, new byte[length], 0, length, MASK_OF_THE_RFC);
        assertThat(hex(frame)).startsWith(head + "37fa213d");
        assertThat(frame).hasSize(head.length() / 2 + 4 + length);
    }

    @ParameterizedTest
    @CsvSource({
        "8105, TEXT, true, 5",
        "0103, TEXT, false, 3",
        "8002, CONTINUATION, true, 2",
        "8905, PING, true, 5",
        "8a05, PONG, true, 5",
        "887d, CLOSE, true, 125",
        "827e0100, BINARY, true, 256",
        "827f0000000000010000, BINARY, true, 65536",
        "827f7fffffffffffffff, BINARY, true, 9223372036854775807"
    })
    void reads_the_heads_of_a_server(String head, Opcode opcode, boolean last, long length) {
        byte[] bytes = bytes(head);
        assertThat(FrameHead.size(bytes[1])).isEqualTo(bytes.length);
        assertThat(FrameHead.parse(bytes)).isEqualTo(new FrameHead(opcode, last, length));
    }

    @ParameterizedTest
    @CsvSource({
        "c201, reserved bits",
        "8281, masked",
        "8301, unknown kind 3",
        "8f00, unknown kind 15",
        "0901, in fragments",
        "897e007e, 126 bytes",
        "827f8000000000000000, negative length"
    })
    void refuses_heads_that_no_server_may_send(String head, String complaint) {
        assertThatThrownBy(() -> FrameHead.parse(bytes(head)))
                .isInstanceOf(RemoteProtocolException.class)
                .hasMessageContainingAll(complaint, "RFC 6455");
    }

    @ParameterizedTest
    @ValueSource(strings = {"8201 8201", "0201 8001 8201", "0201 0001 8901 8001", "8801", "8900 0200 8000"})
    void follows_messages_through_their_frames(String heads) {
        BinaryMessages order = new BinaryMessages();
        assertThat(heads(heads).map(order::accept))
                .containsExactlyElementsOf(heads(heads).toList());
    }

    @ParameterizedTest
    @CsvSource({
        "8001, continuation of no message",
        "0201 8201, new message within a message",
        "0201 8901 0201, new message within a message",
        "8101, text"
    })
    void refuses_frames_out_of_place(String heads, String complaint) {
        BinaryMessages order = new BinaryMessages();
        assertThatThrownBy(() -> heads(heads).forEach(order::accept))
                .isInstanceOf(RemoteProtocolException.class)
                .hasMessageContainingAll(complaint, "RFC 6455");
    }

    @Test
    void reads_why_a_connection_was_closed() {
        assertThat(CloseReason.parse(bytes("03f062757379"))).hasToString("1008 [busy]");
        assertThat(CloseReason.parse(bytes("03f0620a79"))).hasToString("1008 [b?y]");
        assertThat(CloseReason.parse(bytes("03e9")).isNormal()).isFalse();
        assertThat(CloseReason.parse(CloseReason.normal())).isEqualTo(new CloseReason(CloseReason.NORMAL, ""));
        assertThat(CloseReason.parse(CloseReason.normal()).isNormal()).isTrue();
        assertThat(CloseReason.parse(new byte[0]).isNormal())
                .as("no code given")
                .isTrue();
        assertThatThrownBy(() -> CloseReason.parse(bytes("03")))
                .isInstanceOf(RemoteProtocolException.class)
                .hasMessageContainingAll("half a code", "RFC 6455");
    }

    private static Stream<FrameHead> heads(String text) {
        return Stream.of(text.split(" ")).map(head -> FrameHead.parse(bytes(head)));
    }

    private static byte[] bytes(String text) {
        return HexFormat.of().parseHex(text);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
