package io.hubwire.localhub.https;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hubwire.auth.TlsTrust;
import io.hubwire.localhub.endpoint.ConnectionFacts;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okio.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class MqttOverWebSocketTest {
    @TempDir
    Path folder;

    private FakeBroker broker;
    private MqttOverWebSocket pipes;
    private TestServer server;

    @BeforeEach
    void start() throws Exception {
        broker = new FakeBroker();
        pipes = new MqttOverWebSocket(broker);
        server = TestServer.withBackends(folder, pipes, new EchoBackend());
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
        pipes.close();
        broker.close();
    }

    private WebSocketClient open(OkHttpClient client, String host) {
        Request request = new Request.Builder()
                .url("https://" + host + ":" + server.port() + "/$iothub/websocket?iothub-no-client-cert=true")
                .header("Sec-WebSocket-Protocol", "mqtt")
                .build();
        return new WebSocketClient(client, request);
    }

    @Test
    void the_broker_knows_the_facts_before_the_first_byte() throws Exception {
        WebSocketClient client = open(server.client, "127.0.0.1").opened();
        client.socket().send(ByteString.encodeUtf8("C"));
        try (Socket accepted = broker.accept()) {
            assertThat(accepted.getInputStream().read()).isEqualTo('C');

            ConnectionFacts facts = broker.factsOf(accepted);
            assertThat(facts).isNotNull();
            assertThat(facts.hostAsked()).isEqualTo("127.0.0.1");
            assertThat(facts.clientChain()).isEmpty();
            assertThat(facts.remote().toString()).contains("127.0.0.1");
        }
    }

    @Test
    void a_self_signed_client_certificate_is_taken_and_handed_on() throws Exception {
        ClientCertificate device = ClientCertificate.selfSigned("device-7");
        TlsTrust trust = TlsTrust.pem(server.tls().caFile());
        OkHttpClient client = server.client
                .newBuilder()
                .sslSocketFactory(device.context(trust.trustManager()).getSocketFactory(), trust.trustManager())
                .build();
        WebSocketClient socket = open(client, "localhost").opened();
        socket.socket().send(ByteString.encodeUtf8("C"));
        try (Socket accepted = broker.accept()) {
            assertThat(accepted.getInputStream().read()).isEqualTo('C');

            assertThat(broker.factsOf(accepted).clientChain()).containsExactly(device.certificate());
        }
    }

    @Test
    void bytes_arrive_whole_and_in_order_both_ways() throws Exception {
        byte[] bytes = new byte[500_000];
        new Random(7).nextBytes(bytes);
        WebSocketClient client = open(server.client, "localhost").opened();
        // as the Node SDK does: one packet in many frames
        for (int at = 0; at < bytes.length; at += 1_000) {
            client.socket().send(ByteString.of(bytes, at, 1_000));
        }
        try (Socket accepted = broker.accept()) {
            assertThat(accepted.getInputStream().readNBytes(bytes.length)).isEqualTo(bytes);

            accepted.getOutputStream().write(bytes);
            await().untilAsserted(() -> assertThat(client.received().size()).isEqualTo(bytes.length));
            assertThat(client.received()).isEqualTo(ByteString.of(bytes));
        }
    }

    @Test
    void what_the_broker_says_last_still_arrives() throws Exception {
        WebSocketClient client = open(server.client, "localhost").opened();
        try (Socket accepted = broker.accept()) {
            accepted.getOutputStream().write("refused".getBytes(StandardCharsets.US_ASCII));
        }

        assertThat(client.closed.get(10, TimeUnit.SECONDS)).isEqualTo(1000);
        assertThat(client.received().utf8()).isEqualTo("refused");
    }

    @Test
    void a_client_that_goes_takes_its_pipe_and_its_announcement_along() throws Exception {
        WebSocketClient client = open(server.client, "localhost").opened();
        try (Socket accepted = broker.accept()) {
            await().until(() -> broker.announcements() == 1);

            client.socket().cancel();

            CompletableFuture<Integer> end = CompletableFuture.supplyAsync(() -> {
                try {
                    return accepted.getInputStream().read();
                } catch (SocketException reset) {
                    return -1;
                } catch (java.io.IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            assertThat(end.get(10, TimeUnit.SECONDS)).isEqualTo(-1);
            await().until(() -> broker.announcements() == 0);
        }
    }

    @Test
    void a_broker_that_is_away_closes_the_websocket() throws Exception {
        broker.close();

        WebSocketClient client = open(server.client, "localhost").opened();

        assertThat(client.closed.get(10, TimeUnit.SECONDS)).isEqualTo(1011);
    }
}
