package io.hubwire.localhub.amqp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.apache.qpid.protonj2.engine.Receiver;
import org.apache.qpid.protonj2.engine.Session;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Peers that break the protocol, say nothing, or speak something else. */
@Timeout(30)
class BrokenPeerTest {
    private final AmqpTestHub hub = new AmqpTestHub();

    @AfterEach
    void stop() {
        hub.close();
    }

    @Test
    void late_frames_for_an_ended_session_do_no_harm() {
        hub.telemetry("dev1", "a");
        hub.telemetry("dev1", "b");
        WirePeer peer = hub.trusted();
        Session session = peer.newSession();
        Receiver reader = peer.receiver(session, "events/ConsumerGroups/$Default/Partitions/2", null, null);
        reader.addCredit(2);
        peer.settle();
        session.close();
        peer.settle();
        // what @azure/event-hubs does: a disposition on the channel whose session has just ended
        peer.raw(dispositionOn(1));
        assertThat(peer.server.isOver()).isFalse();
        assertThat(peer.reader(null).isRemotelyOpen()).isTrue();
    }

    @Test
    void close_is_answered_after_the_session_on_channel_0_has_ended() {
        WirePeer peer = hub.trusted();
        peer.connection.sessions().forEach(Session::close);
        peer.settle();
        peer.connection.close();
        peer.settle();
        assertThat(peer.connection.isRemotelyClosed()).isTrue();
        assertThat(peer.connection.getRemoteCondition()).isNull();
        assertThat(peer.server.isOver()).isTrue();
    }

    @Test
    void a_frame_on_a_channel_that_never_began_ends_the_connection_with_a_reason() {
        WirePeer peer = hub.trusted();
        peer.raw(dispositionOn(9));
        assertThat(peer.server.isOver()).isTrue();
        assertThat(peer.connection.isRemotelyClosed()).isTrue();
        assertThat(peer.connection.getRemoteCondition()).isNotNull();
        assertThat(hub.trusted().reader(null).isRemotelyOpen())
                .as("others are served")
                .isTrue();
    }

    /** The frame of a disposition: role receiver, first 0, settled, accepted. */
    private static byte[] dispositionOn(int channel) {
        return java.util.HexFormat.of()
                .parseHex("00000016" + "0200" + String.format("%04x", channel) + "005315" + "c00905" + "41434041"
                        + "00532445");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"GET / HTTP/1.1\r\n\r\n", "AMQP\u0002\u0001\u0000\u0000", "\u0016\u0003\u0001\u0000\u0000aaa"})
    void what_is_not_amqp_is_answered_with_a_header_and_ended(String bytes) {
        ServerConnection server = new ServerConnection(hub.context, task -> {});
        byte[] first = bytes.getBytes(StandardCharsets.ISO_8859_1);
        server.received(first, first.length);
        assertThat(server.isOver()).isTrue();
    }

    @Test
    void a_peer_that_says_nothing_is_given_thirty_seconds() {
        ServerConnection server = new ServerConnection(hub.context, task -> {});
        assertThat(server.tick(1000)).isEqualTo(30_000);
        server.received(new byte[] {'A'}, 1);
        server.tick(30_999);
        assertThat(server.isOver()).isFalse();
        server.tick(31_000);
        assertThat(server.isOver()).isTrue();
    }

    @Test
    void a_silent_peer_is_cut_after_four_minutes() {
        WirePeer peer = hub.trusted();
        peer.server.tick(1000);
        peer.server.tick(1000 + ServerConnection.IDLE_TIMEOUT.toMillis() - 1);
        assertThat(peer.server.isOver()).isFalse();
        peer.server.tick(1000 + ServerConnection.IDLE_TIMEOUT.toMillis());
        assertThat(peer.server.isOver()).isTrue();
    }

    @Test
    void sends_empty_frames_to_a_peer_that_asked_for_a_sign_of_life() {
        WirePeer peer = WirePeer.sasl(hub.context, "ANONYMOUS", "x", "x");
        peer.connection.setIdleTimeout(60_000);
        peer.open();
        peer.server.tick(1000);
        java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();
        long next = peer.server.tick(31_000);
        assertThat(next).isPositive().isLessThanOrEqualTo(30_000);
        assertThatFlushed(peer.server, out);
        assertThat(out.toByteArray()).containsExactly(0, 0, 0, 8, 2, 0, 0, 0);
    }

    private static void assertThatFlushed(ServerConnection server, java.io.ByteArrayOutputStream out) {
        try {
            server.flush(new ByteSink() {
                @Override
                public void write(byte[] bytes, int offset, int length) {
                    out.write(bytes, offset, length);
                }

                @Override
                public void close() {}
            });
        } catch (java.io.IOException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
