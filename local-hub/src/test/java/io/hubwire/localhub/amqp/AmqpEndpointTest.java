package io.hubwire.localhub.amqp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hubwire.localhub.endpoint.EndpointContext;
import io.hubwire.localhub.tls.HubTls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The endpoint's sockets: what peers may do to them, and that nothing is left when it closes. */
@Timeout(30)
class AmqpEndpointTest {
    private static final byte[] BARE = {'A', 'M', 'Q', 'P', 0, 1, 0, 0};

    private final AmqpTestHub hub = new AmqpTestHub();
    private AmqpEndpoint endpoint;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        HubTls tls = HubTls.open(folder, List.of("localhost", "127.0.0.1"), Clock.systemUTC(), new SecureRandom());
        endpoint = AmqpEndpoint.start(
                new EndpointContext(hub.engine, tls, List.of(InetAddress.getLoopbackAddress())),
                AmqpOptions.tls(0).withPlainPort(0));
    }

    @AfterEach
    void stop() {
        endpoint.close();
        hub.close();
    }

    private Socket plain() throws IOException {
        Socket socket = new Socket(
                InetAddress.getLoopbackAddress(), endpoint.plainPort().getAsInt());
        socket.setSoTimeout(5000);
        return socket;
    }

    @Test
    void speaks_amqp_without_tls_on_the_plain_port() throws Exception {
        try (Socket peer = plain()) {
            peer.getOutputStream().write(BARE);
            assertThat(peer.getInputStream().readNBytes(8)).isEqualTo(BARE);
        }
        await().atMost(Duration.ofSeconds(5)).until(() -> endpoint.connections() == 0);
    }

    @Test
    void answers_what_is_not_amqp_with_its_own_header_and_hangs_up() throws Exception {
        try (Socket peer = plain()) {
            peer.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(peer.getInputStream().readAllBytes()).startsWith('A', 'M', 'Q', 'P', 3, 1, 0, 0);
        }
    }

    @Test
    void a_peer_that_stays_after_it_was_told_to_go_is_cut() throws Exception {
        try (Socket peer = plain()) {
            peer.getOutputStream().write("no AMQP at all".getBytes(StandardCharsets.US_ASCII));
            await().atMost(Duration.ofSeconds(5)).until(() -> endpoint.connections() == 0);
        }
    }

    @Test
    void what_is_not_tls_on_the_tls_port_is_hung_up_on_and_others_are_served() throws Exception {
        try (Socket peer = new Socket(InetAddress.getLoopbackAddress(), endpoint.port())) {
            peer.setSoTimeout(5000);
            peer.getOutputStream().write(BARE);
            peer.getOutputStream().write(new byte[64]);
            peer.getInputStream().readAllBytes(); // an alert, perhaps, and the end
        }
        speaks_amqp_without_tls_on_the_plain_port();
    }

    @Test
    void closes_within_a_second_whatever_its_peers_do_and_leaves_no_thread() throws Exception {
        List<Socket> peers = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Socket talking = plain();
            talking.getOutputStream().write(BARE);
            peers.add(talking);
            peers.add(plain()); // says nothing
            peers.add(new Socket(InetAddress.getLoopbackAddress(), endpoint.port())); // never begins TLS
        }
        await().atMost(Duration.ofSeconds(5)).until(() -> endpoint.connections() == 15);

        long began = System.nanoTime();
        endpoint.close();
        endpoint.close();

        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofMillis(1200));
        await().atMost(Duration.ofSeconds(3))
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                        .extracting(Thread::getName)
                        .noneMatch(name -> name.startsWith("hubwire-amqp")));
        assertThatThrownBy(this::plain).isInstanceOf(IOException.class);
        for (Socket peer : peers) {
            peer.close();
        }
    }

    @Test
    void a_port_in_use_is_named(@TempDir Path folder) {
        int taken = endpoint.port();
        assertThatThrownBy(() -> AmqpEndpoint.start(
                        new EndpointContext(
                                hub.engine,
                                HubTls.open(folder, List.of("localhost"), Clock.systemUTC(), new SecureRandom()),
                                List.of(InetAddress.getLoopbackAddress())),
                        AmqpOptions.tls(taken)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("[" + taken + "]");
    }
}
