package io.hubwire.mqtt.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.protocol.trace.WireTrace;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** What a peer can send before and around MQTT: it is read, or refused with an {@link IOException}, and nothing else. */
class WirePropertiesTest {
    /** Reads all; the outcome is the text, or null for a refusal. */
    private static byte[] readAll(InputStream in) {
        try {
            return in.readAllBytes();
        } catch (IOException refused) {
            return null;
        }
    }

    private static InputStream slowly(byte[] bytes, int atOnce) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] target, int offset, int length) {
                return super.read(target, offset, Math.min(length, atOnce));
            }
        };
    }

    @Property(tries = 3000)
    void any_bytes_are_packets_or_refused(
            @ForAll @Size(max = 80) byte[] bytes, @ForAll @IntRange(min = 1, max = 9) int step) {
        List<PacketType> seen = new ArrayList<>();
        PacketInput in = new PacketInput(
                slowly(bytes, step), new PacketTap(WireTrace.NONE, type -> {}, (type, id) -> seen.add(type)));
        in.release();
        byte[] read = readAll(in);
        if (read != null) {
            assertThat(read).isEqualTo(bytes);
        }
        assertThat(seen).allMatch(PacketType::fromServer);
    }

    @Property(tries = 500)
    void the_id_of_a_puback_is_seen_however_it_is_cut(
            @ForAll @IntRange(min = 1, max = 65_535) int id, @ForAll @IntRange(min = 1, max = 5) int step) {
        List<Integer> ids = new ArrayList<>();
        byte[] packets = {(byte) 0xd0, 0, 0x40, 2, (byte) (id >> 8), (byte) id, (byte) 0xd0, 0};
        PacketInput in = new PacketInput(
                slowly(packets, step),
                new PacketTap(WireTrace.NONE, type -> {}, (type, packetId) -> ids.add(packetId)));
        in.release();
        assertThat(readAll(in)).isEqualTo(packets);
        assertThat(ids).containsExactly(0, id, 0);
    }

    @Property(tries = 3000)
    void any_bytes_are_web_socket_frames_or_refused(@ForAll @Size(max = 80) byte[] bytes) {
        WebSocketOutput answers = new WebSocketOutput(new ByteArrayOutputStream(), () -> 0L);
        byte[] read = readAll(new WebSocketInput(new ByteArrayInputStream(bytes), answers));
        if (read != null) {
            assertThat(read.length).isLessThanOrEqualTo(bytes.length);
        }
    }

    @Property(tries = 2000)
    void any_answer_of_a_proxy_is_a_head_or_refused(@ForAll @Size(max = 60) byte[] bytes) {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        answer.writeBytes("HTTP/1.1 ".getBytes(StandardCharsets.US_ASCII));
        answer.writeBytes(bytes);
        answer.writeBytes("\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        try {
            assertThat(AnswerReader.read(new ByteArrayInputStream(answer.toByteArray()), "proxy")
                            .status())
                    .isBetween(100, 999);
        } catch (IOException refused) {
            assertThat(refused).hasMessageContaining("proxy");
        }
    }
}
