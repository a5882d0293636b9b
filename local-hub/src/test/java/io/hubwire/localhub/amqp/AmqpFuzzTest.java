package io.hubwire.localhub.amqp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.hubwire.localhub.engine.HubException;
import io.hubwire.protocol.HubError;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Texts and bytes of an AMQP peer. How to fuzz for longer than the seeds: CONTRIBUTING.md. */
class AmqpFuzzTest {
    private static final int MAX_FRAME = 4096;

    @MethodSource("selectors")
    @FuzzTest(maxDuration = "1m")
    void any_selector_is_a_start_or_refused(byte[] utf8) {
        try {
            assertThat(SelectorFilter.parse(new String(utf8, UTF_8))).isNotNull();
        } catch (HubException refused) {
            assertThat(refused.error()).isEqualTo(HubError.ARGUMENT_INVALID);
        }
    }

    @MethodSource("addresses")
    @FuzzTest(maxDuration = "1m")
    void any_address_names_a_node_and_so_does_its_normal_form(byte[] utf8) {
        String text = new String(utf8, UTF_8);
        String normal = NodeAddress.normalise(text);
        assertThat(normal).doesNotStartWith("/").doesNotEndWith("/");
        assertThat(NodeAddress.parse("sb://hub:5671//" + normal + "/"))
                .isEqualTo(NodeAddress.parse("amqps://hub/" + normal));
        TokenScope scope = TokenScope.parse(text);
        assertThat(scope.host() + scope.path()).isEqualTo((scope.host() + scope.path()).toLowerCase(Locale.ROOT));
        assertThat(TokenScope.covers(scope.path(), scope.path())).isTrue();
    }

    /** However the bytes are cut: the first byte says into pieces of which size. */
    @MethodSource("streams")
    @FuzzTest(maxDuration = "1m")
    void any_bytes_come_out_as_they_went_in_and_little_is_held(byte[] bytes) {
        FrameAssembler frames = new FrameAssembler(MAX_FRAME);
        int step = bytes.length == 0 ? 1 : 1 + (bytes[0] & 0x3f);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int at = 0; at < bytes.length; at += step) {
            byte[] piece = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + step));
            out.writeBytes(frames.add(piece, piece.length));
            assertThat(at + piece.length - out.size()).as("held").isLessThan(MAX_FRAME);
        }
        assertThat(out.toByteArray()).isEqualTo(Arrays.copyOf(bytes, out.size()));
    }

    static Stream<byte[]> selectors() {
        return texts(
                "amqp.annotation.x-opt-offset > '@latest'",
                "amqp.annotation.x-opt-offset > '-1'",
                "amqp.annotation.x-opt-offset >= '1234'",
                "amqp.annotation.x-opt-sequence-number > 7",
                "amqp.annotation.x-opt-enqueued-time >= 1700000000000",
                "amqp.annotation.x-opt-enqueuedtimeutc > '-9223372036854775808'",
                "amqp.annotation.x-opt-enqueuedtimeutc >= '-9223372036854775808'",
                "x = 1");
    }

    static Stream<byte[]> addresses() {
        return texts(
                "$cbs",
                "amqps://hub.azure-devices.net:5671/messages/events/ConsumerGroups/$Default/Partitions/0",
                "sb://ns/entity/%24management",
                "/messages/devicebound",
                "messages/serviceBound/feedback/",
                "https://user@[::1]:443/devices",
                "//",
                "");
    }

    /** A header, an Open-like frame, a torn one, one that claims too much. */
    static Stream<byte[]> streams() {
        return Stream.of(
                        "414d515000010000",
                        "414d51500001000000000008020000000000000a020000000102",
                        "0000001002000000",
                        "7fffffff02000000",
                        "00000001",
                        "ffffffff02000000")
                .map(HexFormat.of()::parseHex);
    }

    private static Stream<byte[]> texts(String... texts) {
        return Stream.of(texts).map(text -> text.getBytes(UTF_8));
    }
}
