package io.hubwire.protocol.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.vectors.Vectors;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class MqttPacketsPropertiesTest {
    @Property(tries = 3000)
    void any_bytes_decode_or_are_refused_and_always_described_on_one_line(@ForAll @Size(max = 60) byte[] bytes) {
        assertDescribed(bytes);
    }

    @Property(tries = 5000)
    void a_recorded_packet_with_one_wrong_byte_decodes_or_is_refused(
            @ForAll("packets") byte[] packet, @ForAll @IntRange(max = 10_000) int where, @ForAll byte wrong) {
        byte[] broken = packet.clone();
        broken[where % broken.length] = wrong;
        assertDescribed(broken);
    }

    private static void assertDescribed(byte[] bytes) {
        String line = MqttPackets.describe(bytes);
        assertThat(line).doesNotContain("\n", "\r");
        try {
            assertThat(MqttPackets.decode(bytes).name()).isNotEmpty();
            assertThat(line).doesNotStartWith("malformed: MQTT packet");
        } catch (RemoteProtocolException e) {
            assertThat(line).startsWith("malformed: ");
        }
    }

    @Property
    void a_stream_torn_anywhere_gives_the_same_packets(
            @ForAll("streams") List<byte[]> packets,
            @ForAll @Size(min = 1, max = 10) List<@IntRange(min = 1, max = 90) Integer> tears) {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        packets.forEach(stream::writeBytes);
        byte[] bytes = stream.toByteArray();

        MqttPacketSplitter splitter = new MqttPacketSplitter();
        List<byte[]> seen = new ArrayList<>();
        int from = 0;
        for (int i = 0; from < bytes.length; i++) {
            int length = Math.min(tears.get(i % tears.size()), bytes.length - from);
            seen.addAll(splitter.add(bytes, from, length));
            from += length;
        }
        assertThat(seen).usingElementComparator(Arrays::compare).isEqualTo(packets);
        assertThat(splitter.heldBytes()).isZero();
    }

    @Property
    void a_splitter_never_holds_more_than_it_was_given_nor_fails_otherwise(
            @ForAll @Size(max = 100) List<@Size(max = 30) byte[]> pieces) {
        MqttPacketSplitter splitter = new MqttPacketSplitter();
        int given = 0;
        for (byte[] piece : pieces) {
            given += piece.length;
            try {
                for (byte[] packet : splitter.add(piece)) {
                    given -= packet.length;
                }
                assertThat(splitter.heldBytes()).isEqualTo(given);
            } catch (RemoteProtocolException lost) {
                assertThat(lost).hasMessageStartingWith("MQTT packet");
                return;
            }
        }
    }

    @Provide
    Arbitrary<byte[]> packets() {
        return Arbitraries.of(
                Vectors.elements(Vectors.file("official-sdk-recordings.json").path("cases"))
                        .map(c -> c.path("packet").path("raw").asText())
                        .filter(raw -> !raw.isEmpty())
                        .map(raw -> Base64.getDecoder().decode(raw))
                        .toList());
    }

    @Provide
    Arbitrary<List<byte[]>> streams() {
        return packets().list().ofMaxSize(6);
    }
}
