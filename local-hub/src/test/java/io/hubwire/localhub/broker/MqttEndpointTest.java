package io.hubwire.localhub.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hubwire.auth.TlsTrust;
import io.hubwire.localhub.LocalHub;
import io.hubwire.localhub.PahoDevice;
import io.hubwire.localhub.endpoint.ConnectionFacts;
import io.hubwire.localhub.endpoint.EndpointContext;
import io.hubwire.localhub.endpoint.LoopbackMqtt.Announcement;
import io.hubwire.localhub.mqtt.IncomingPublish;
import io.hubwire.localhub.tls.HubTls;
import io.hubwire.protocol.Identity;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The broker with a hub that does as each test pleases. */
@Timeout(60)
class MqttEndpointTest {
    /** Client id {@code d}, clean session, no user name. */
    private static final byte[] CONNECT = {0x10, 13, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 60, 0, 1, 'd'};

    /** Topic {@code t}, QoS 1, packet id 7, no body. */
    private static final byte[] PUBLISH = {0x32, 5, 0, 1, 't', 0, 7};

    /** The same with DUP. */
    private static final byte[] PUBLISH_AGAIN = {0x3A, 5, 0, 1, 't', 0, 7};

    private static final byte[] PUBACK = {0x40, 2, 0, 7};
    private static final byte[] PINGREQ = {(byte) 0xC0, 0};
    private static final byte[] CONNACK = {0x20, 2, 0, 0};

    @TempDir
    Path folder;

    private final PliantHub hub = new PliantHub();
    private LocalHub engine = null;
    private MqttEndpoint endpoint = null;
    private HubTls tls = null;

    @BeforeEach
    void start() throws Exception {
        engine = LocalHub.start();
        tls = HubTls.open(folder.resolve("ca"), List.of("localhost"), Clock.systemUTC(), new SecureRandom());
        endpoint = MqttEndpoint.start(
                new EndpointContext(engine.engine(), tls, List.of(InetAddress.getLoopbackAddress())),
                0,
                hub,
                Files.createDirectory(folder.resolve("broker")));
    }

    @AfterEach
    void stop() {
        endpoint.close();
        engine.close();
    }

    @Test
    void pubacks_wait_for_the_store_and_keep_their_order() throws Exception {
        hub.holding = true;
        try (PahoDevice device = device()) {
            device.connect();
            List<IMqttDeliveryToken> tokens = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                tokens.add(device.send("t", "" + i, 1));
            }
            await().until(() -> hub.unsafe.size() == 100);
            device.subscribe("a/round/trip", 0); // its SUBACK does not wait
            assertThat(tokens).noneMatch(IMqttDeliveryToken::isComplete);
            for (int i = 1; i < 100; i++) {
                hub.unsafe.get(i).run();
            }
            device.unsubscribe("a/round/trip");
            assertThat(tokens).noneMatch(IMqttDeliveryToken::isComplete);
            hub.unsafe.get(0).run();
            await().until(() -> tokens.stream().allMatch(IMqttDeliveryToken::isComplete));
        }
    }

    @Test
    void a_failure_of_the_hub_cuts_the_connection_without_puback() throws Exception {
        hub.failing = true;
        try (PahoDevice device = device()) {
            device.connect();
            IMqttDeliveryToken token = device.send("t", "x", 1);
            assertThat(device.wasCut()).isTrue();
            assertThat(token.getException()).isNotNull();
        }
    }

    @Test
    void a_failure_at_connect_is_code_3() throws Exception {
        hub.failingAtConnect = true;
        try (PahoDevice device = device()) {
            assertThat(device.refused()).isEqualTo(3);
        }
    }

    @Test
    void connack_waits_for_the_session_and_nothing_overtakes_it() throws Exception {
        hub.openingLate = true;
        try (Socket socket = announced()) {
            send(socket, CONNECT, PUBLISH);
            await().until(() -> hub.opening.size() == 1);
            assertThat(socket.getInputStream().available()).isZero();
            hub.opening.get(0).accept(true);
            assertThat(socket.getInputStream().readNBytes(8)).containsExactly(0x20, 2, 1, 0, 0x40, 2, 0, 7);
        }
    }

    @Test
    void a_client_that_went_before_its_connack_is_gone_at_once_whatever_its_keep_alive() throws Exception {
        hub.openingLate = true;
        try (CorkedSocket socket = new CorkedSocket(endpoint.port())) {
            SSLSocket tlsSocket = (SSLSocket) TlsTrust.pem(tls.caFile())
                    .context()
                    .getSocketFactory()
                    .createSocket(socket, "localhost", endpoint.port(), false);
            tlsSocket.startHandshake();
            // CONNECT and TLS's goodbye arrive together, the end of the connection behind them
            socket.cork();
            send(tlsSocket, CONNECT);
            tlsSocket.close();
            socket.uncork();
            await().until(() -> hub.opening.size() == 1);
        }
        // nothing is read before CONNACK, so writing that is where it shows
        hub.opening.get(0).accept(false);
        await().atMost(Duration.ofSeconds(5)).until(() -> hub.closed.get() == 1);
    }

    @Test
    void a_message_that_comes_again_is_taken_again_and_acknowledged_again() throws Exception {
        try (Socket socket = announced()) {
            send(socket, CONNECT, PUBLISH);
            assertThat(socket.getInputStream().readNBytes(8)).endsWith(PUBACK);
            for (int i = 0; i < 2; i++) { // the client has not seen the PUBACK
                send(socket, PUBLISH_AGAIN);
                assertThat(socket.getInputStream().readNBytes(4)).isEqualTo(PUBACK);
            }
        }
        assertThat(hub.published).extracting(IncomingPublish::duplicate).containsExactly(false, true, true);
    }

    @Test
    void a_message_that_comes_again_before_its_puback_has_a_puback_of_its_own() throws Exception {
        hub.holding = true;
        try (Socket socket = announced()) {
            send(socket, CONNECT, PUBLISH, PUBLISH_AGAIN);
            await().until(() -> hub.unsafe.size() == 2);
            hub.unsafe.get(0).run();
            assertThat(socket.getInputStream().readNBytes(8)).endsWith(PUBACK);
            assertThat(socket.getInputStream().available()).isZero();
            hub.unsafe.get(1).run();
            assertThat(socket.getInputStream().readNBytes(4)).isEqualTo(PUBACK);
        }
    }

    @Test
    void a_client_with_a_full_window_is_not_read_until_a_message_is_safe() throws Exception {
        hub.holding = true;
        hub.telemetryWindow = 2;
        try (Socket socket = announced()) {
            send(socket, CONNECT);
            assertThat(socket.getInputStream().readNBytes(4)).isEqualTo(CONNACK);
            send(socket, PUBLISH, PUBLISH);
            await().until(() -> hub.unsafe.size() == 2);
            send(socket, PINGREQ);
            socket.setSoTimeout(200);
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
            socket.setSoTimeout(10_000);
            hub.unsafe.get(0).run();
            assertThat(socket.getInputStream().readNBytes(6)).containsExactly(0x40, 2, 0, 7, 0xD0, 0);
        }
    }

    @Test
    void a_loopback_connection_that_was_announced_has_its_facts() throws Exception {
        try (Socket socket = announced()) {
            send(socket, CONNECT);
            assertThat(socket.getInputStream().readNBytes(4)).isEqualTo(CONNACK);
            assertThat(hub.requests.get(0).facts().hostAsked()).isEqualTo("announced.example");
        }
    }

    @Test
    void a_loopback_connection_nobody_announced_is_cut() throws Exception {
        try (Socket socket = loopback()) {
            send(socket, CONNECT);
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
            assertThat(hub.requests).isEmpty();
        }
    }

    @Test
    void an_old_announcement_does_not_withdraw_a_newer_one_of_the_same_port() throws Exception {
        try (Socket socket = loopback()) {
            Announcement old = endpoint.announce(socket.getLocalPort(), facts("old.example"));
            endpoint.announce(socket.getLocalPort(), facts("new.example"));
            old.close();
            send(socket, CONNECT);
            assertThat(socket.getInputStream().readNBytes(4)).isEqualTo(CONNACK);
            assertThat(hub.requests.get(0).facts().hostAsked()).isEqualTo("new.example");
        }
    }

    @Test
    void plain_bytes_on_the_tls_port_are_cut() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), endpoint.port())) {
            socket.setSoTimeout(10_000);
            send(socket, CONNECT);
            assertThat(socket.getInputStream().readAllBytes())
                    .as("a TLS alert at most")
                    .hasSizeLessThan(8);
            assertThat(hub.requests).isEmpty();
        }
    }

    @Test
    void the_name_asked_for_is_known_from_sni() throws Exception {
        try (PahoDevice device = device()) {
            device.connect();
            assertThat(hub.requests.get(0).facts().hostAsked()).isEqualTo("localhost");
            assertThat(hub.requests.get(0).facts().remote()).isInstanceOf(InetSocketAddress.class);
        }
    }

    private PahoDevice device() throws Exception {
        return PahoDevice.withoutPassword(endpoint.port(), Identity.device("device1"), tls);
    }

    private Socket announced() throws IOException {
        Socket socket = loopback();
        endpoint.announce(socket.getLocalPort(), facts("announced.example"));
        return socket;
    }

    private Socket loopback() throws IOException {
        Socket socket =
                new Socket(endpoint.address().getAddress(), endpoint.address().getPort());
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static void send(Socket socket, byte[]... packets) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] packet : packets) {
            all.writeBytes(packet);
        }
        socket.getOutputStream().write(all.toByteArray());
    }

    private static ConnectionFacts facts(String host) {
        return new ConnectionFacts(List.of(), host, new InetSocketAddress("127.0.0.1", 1));
    }
}
