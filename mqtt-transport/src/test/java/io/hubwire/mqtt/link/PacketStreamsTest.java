package io.hubwire.mqtt.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.protocol.trace.WireTrace;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The two streams where whole packets pass. */
class PacketStreamsTest {
    private static final String CONNECT = "100f00044d51545404c2003c000364657600";
    private static final String PUBLISH = "320700016100016869";

    private final List<String> writes = new ArrayList<>();
    private final List<PacketType> sent = new ArrayList<>();
    private final List<PacketType> received = new ArrayList<>();
    private final List<WireTrace.Event> traced = new ArrayList<>();
    private int firstWrites;

    private final OutputStream network = new OutputStream() {
        @Override
        public void write(int b) {
            throw new UnsupportedOperationException("single bytes are not written");
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            writes.add(HexFormat.of().formatHex(bytes, offset, offset + length));
        }
    };

    @Test
    void each_packet_goes_out_at_once_when_no_other_is_announced() throws IOException {
        PacketOutput out = output(0);
        out.announce();
        packet(out, PUBLISH);
        out.announce();
        packet(out, PUBLISH);
        assertThat(writes).containsExactly(PUBLISH, PUBLISH);
    }

    @Test
    void packets_that_are_announced_go_out_together() throws IOException {
        PacketOutput out = output(0);
        for (int i = 0; i < 3; i++) {
            out.announce();
        }
        packet(out, PUBLISH);
        packet(out, "40020001"); // a PUBACK in between
        packet(out, PUBLISH);
        assertThat(writes).isEmpty();
        packet(out, PUBLISH);
        assertThat(writes).containsExactly(PUBLISH + "40020001" + PUBLISH + PUBLISH);
    }

    @Test
    void connect_does_not_wait_for_what_is_to_be_resent() throws IOException {
        PacketOutput out = output(2);
        packet(out, CONNECT);
        assertThat(writes).containsExactly(CONNECT);
        packet(out, PUBLISH);
        packet(out, PUBLISH);
        assertThat(writes).containsExactly(CONNECT, PUBLISH + PUBLISH);
    }

    @Test
    void disconnect_takes_everything_along() throws IOException {
        PacketOutput out = output(0);
        out.announce();
        out.announce();
        packet(out, PUBLISH);
        packet(out, "e000");
        assertThat(writes).containsExactly(PUBLISH + "e000");
    }

    @Test
    void no_more_than_sixteen_kilobytes_wait_for_company() throws IOException {
        PacketOutput out = output(0);
        for (int i = 0; i < 5000; i++) {
            out.announce();
        }
        for (int i = 0; i < 5000; i++) {
            packet(out, PUBLISH);
        }
        assertThat(writes).hasSize(3).allSatisfy(w -> assertThat(w.length() / 2).isLessThan(16 * 1024 + 10));
        assertThat(String.join("", writes)).isEqualTo(PUBLISH.repeat(5000));
    }

    @Test
    void a_packet_larger_than_any_buffer_stays_whole() throws IOException {
        PacketOutput out = output(0);
        byte[] large = new byte[262_200];
        large[0] = 0x32;
        out.announce();
        out.write(large, 0, 100_000);
        out.write(large, 100_000, 162_200);
        out.flush();
        assertThat(writes).singleElement().satisfies(w -> assertThat(w).hasSize(2 * 262_200));
    }

    @Test
    void tells_when_the_first_write_is_done_even_if_it_fails() {
        PacketOutput broken = new PacketOutput(
                new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("broken");
                    }
                },
                tap(WireTrace.NONE),
                0,
                () -> firstWrites++);
        assertThatThrownBy(() -> packet(broken, CONNECT)).hasMessage("broken");
        assertThatThrownBy(() -> packet(broken, CONNECT)).hasMessage("broken");
        assertThat(firstWrites).isEqualTo(1);
    }

    @Test
    void reads_packets_however_they_are_cut_and_tells_of_each() throws IOException {
        String packets = "20020000" + PUBLISH + "40020001" + "d000" + "3006000161" + "616263";
        for (int step : new int[] {1, 2, 3, 1000}) {
            received.clear();
            PacketInput in = input(new SlicedStream(hex(packets), step), WireTrace.NONE);
            assertThat(HexFormat.of().formatHex(in.readAllBytes())).isEqualTo(packets);
            assertThat(received)
                    .containsExactly(
                            PacketType.CONNACK,
                            PacketType.PUBLISH,
                            PacketType.PUBACK,
                            PacketType.PINGRESP,
                            PacketType.PUBLISH);
        }
    }

    @Test
    void traces_each_packet_decoded_in_both_directions() throws IOException {
        input(new ByteArrayInputStream(hex("20020000" + PUBLISH)), traced::add).readAllBytes();
        PacketOutput out = new PacketOutput(network, tap(traced::add), 0, () -> {});
        packet(out, "40020001");
        assertThat(traced)
                .extracting(e -> e.direction() + " " + e.kind())
                .containsExactly("IN CONNACK", "IN PUBLISH", "OUT PUBACK");
        assertThat(traced.get(1).summary()).contains("hi");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"100c", "0000", "f000", "36020000", "30ffffff7f", "30ffffffff", "308180200", "5002", "e000"})
    void refuses_packets_that_no_server_sends(String packet) {
        byte[] bytes = hex(packet.length() % 2 == 0 ? packet : packet + "0");
        assertThatThrownBy(() ->
                        input(new ByteArrayInputStream(bytes), WireTrace.NONE).readAllBytes())
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("peer sent a");
    }

    @Test
    void does_not_read_before_it_is_released() throws Exception {
        PacketInput in = new PacketInput(new ByteArrayInputStream(hex("d000")), tap(WireTrace.NONE));
        List<Integer> seen = new ArrayList<>();
        Thread reader = new Thread(() -> {
            try {
                seen.add(in.read());
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        reader.start();
        reader.join(50);
        assertThat(seen).isEmpty();
        in.release();
        reader.join();
        assertThat(seen).containsExactly(0xd0);
    }

    private PacketOutput output(int announced) {
        return new PacketOutput(network, tap(WireTrace.NONE), announced, () -> firstWrites++);
    }

    private PacketInput input(java.io.InputStream from, WireTrace trace) {
        PacketInput in = new PacketInput(from, tap(trace));
        in.release();
        return in;
    }

    private PacketTap tap(WireTrace trace) {
        return new PacketTap(trace, sent::add, (type, packetId) -> received.add(type));
    }

    private static void packet(PacketOutput out, String packet) throws IOException {
        byte[] bytes = hex(packet);
        out.write(bytes, 0, bytes.length);
        out.flush();
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    /** Gives out at most a few bytes a time, as networks do. */
    private static final class SlicedStream extends ByteArrayInputStream {
        private final int step;

        SlicedStream(byte[] bytes, int step) {
            super(bytes);
            this.step = step;
        }

        @Override
        public synchronized int read(byte[] target, int offset, int length) {
            return super.read(target, offset, Math.min(step, length));
        }
    }
}
