package io.hubwire.localhub.https;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hubwire.localhub.endpoint.WebSocketBackend;
import io.hubwire.protocol.trace.WireTrace;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import okhttp3.Request;
import okhttp3.Response;
import okio.Buffer;
import okio.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WebSocketTest {
    @TempDir
    Path folder;

    private final List<AutoCloseable> toClose = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : toClose) {
            one.close();
        }
    }

    private TestServer server(WebSocketBackend mqtt, WebSocketBackend amqp) throws Exception {
        TestServer server = TestServer.withBackends(folder, mqtt, amqp);
        toClose.add(server);
        return server;
    }

    private static WebSocketClient open(TestServer server, String path, String protocols) {
        Request.Builder request = server.request(path);
        if (!protocols.isEmpty()) {
            request.header("Sec-WebSocket-Protocol", protocols);
        }
        return new WebSocketClient(server.client, request.build());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/$iothub/websocket | mqtt | mqtt",
                "/$iothub/websocket?iothub-no-client-cert=true | mqtt | mqtt",
                "/%24iothub/websocket?a=b&c | MQTT | MQTT",
                "/$IoTHub/WebSocket | mqttv3.1 | mqttv3.1",
                "/$iothub/websocket | chat, mqtt | mqtt",
                "/ | mqtt | mqtt",
                "/mqtt | mqtt | mqtt"
            })
    void agrees_on_mqtt_and_echoes_the_name_as_offered(String path, String offered, String agreed) throws Exception {
        EchoBackend mqtt = EchoBackend.isReady();
        TestServer server = server(mqtt, new EchoBackend());

        Response upgrade = open(server, path, offered).upgrade.get(10, TimeUnit.SECONDS);

        assertThat(upgrade.code()).isEqualTo(101);
        assertThat(upgrade.header("Sec-WebSocket-Protocol")).isEqualTo(agreed);
        assertThat(mqtt.facts.get(5, TimeUnit.SECONDS).hostAsked()).isEqualTo("localhost");
        assertThat(server.seen.stream().map(WireTrace.Event::kind)).containsExactly("GET " + path, "101 GET " + path);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/$iothub/websocket | AMQPWSB10",
                "/$servicebus/websocket | AMQPWSB10",
                "/$servicebus/websocket | amqpwsb10"
            })
    void agrees_on_amqp_where_amqp_is_spoken(String path, String offered) throws Exception {
        EchoBackend amqp = EchoBackend.isReady();
        TestServer server = server(new EchoBackend(), amqp);

        Response upgrade = open(server, path, offered).upgrade.get(10, TimeUnit.SECONDS);

        assertThat(upgrade.header("Sec-WebSocket-Protocol")).isEqualTo(offered);
        assertThat(amqp.facts.get(5, TimeUnit.SECONDS).clientChain()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/$iothub/websocket | ''",
                "/$iothub/websocket | chat",
                "/$servicebus/websocket | mqtt",
                "/mqtt | AMQPWSB10",
                "/elsewhere | mqtt"
            })
    void refuses_what_is_not_spoken_there(String path, String offered) throws Exception {
        TestServer server = server(new EchoBackend(), new EchoBackend());

        Response refusal = open(server, path, offered).upgrade.get(10, TimeUnit.SECONDS);

        assertThat(refusal.code()).isEqualTo(400);
        assertThat(refusal.header("iothub-errorcode")).isEqualTo("GenericBadRequest");
    }

    @Test
    void frames_that_come_before_the_backend_is_ready_keep_their_order() throws Exception {
        EchoBackend slow = new EchoBackend();
        TestServer server = server(slow, new EchoBackend());
        WebSocketClient client = open(server, "/$iothub/websocket", "mqtt").opened();
        Buffer sent = new Buffer();
        for (int i = 0; i < 500; i++) {
            ByteString frame = ByteString.encodeUtf8("frame " + i + ";");
            sent.write(frame);
            client.socket().send(frame);
            if (i == 250) {
                slow.ready.complete(null);
            }
        }

        await().untilAsserted(() -> assertThat(client.received().size()).isEqualTo((int) sent.size()));
        assertThat(client.received()).isEqualTo(sent.snapshot());
    }

    @Test
    void a_message_larger_than_any_frame_buffer_gets_through() throws Exception {
        TestServer server = server(EchoBackend.isReady(), new EchoBackend());
        WebSocketClient client = open(server, "/$iothub/websocket", "mqtt").opened();
        byte[] large = new byte[3 << 20];
        new Random(1).nextBytes(large);

        client.socket().send(ByteString.of(large));

        await().untilAsserted(() -> assertThat(client.received().size()).isEqualTo(large.length));
        assertThat(client.received()).isEqualTo(ByteString.of(large));
    }

    @Test
    void a_backend_that_cannot_be_reached_closes_the_websocket() throws Exception {
        TestServer server = server(
                (facts, peer) -> CompletableFuture.failedFuture(new IllegalStateException("nobody there")),
                new EchoBackend());

        WebSocketClient client = open(server, "/$iothub/websocket", "mqtt").opened();

        assertThat(client.closed.get(10, TimeUnit.SECONDS)).isEqualTo(1011);
    }

    @Test
    void a_backend_that_closes_closes_the_websocket_and_hears_of_it() throws Exception {
        EchoBackend echo = EchoBackend.isReady();
        TestServer server = server(echo, new EchoBackend());
        WebSocketClient client = open(server, "/$iothub/websocket", "mqtt").opened();

        echo.client.get(5, TimeUnit.SECONDS).close();

        assertThat(client.closed.get(10, TimeUnit.SECONDS)).isEqualTo(1000);
        echo.closed.get(10, TimeUnit.SECONDS);
    }

    @Test
    void a_client_that_vanishes_is_reported_to_the_backend() throws Exception {
        EchoBackend echo = EchoBackend.isReady();
        TestServer server = server(echo, new EchoBackend());
        WebSocketClient client = open(server, "/$iothub/websocket", "mqtt").opened();

        client.socket().cancel();

        echo.closed.get(10, TimeUnit.SECONDS);
    }

    @Test
    void text_has_no_place_in_mqtt() throws Exception {
        TestServer server = server(EchoBackend.isReady(), new EchoBackend());
        WebSocketClient client = open(server, "/$iothub/websocket", "mqtt").opened();

        client.socket().send("hello");

        assertThat(client.closed.get(10, TimeUnit.SECONDS)).isEqualTo(1003);
    }

    @ParameterizedTest
    @ValueSource(strings = {"permessage-deflate", "permessage-deflate; client_max_window_bits"})
    void compression_is_never_agreed_on(String extension) throws Exception {
        TestServer server = server(EchoBackend.isReady(), new EchoBackend());
        try (SSLSocket socket = (SSLSocket) server.client.sslSocketFactory().createSocket("localhost", server.port())) {
            socket.setSoTimeout(10_000);
            String request = "GET /$iothub/websocket HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                    + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
                    + "Sec-WebSocket-Protocol: mqtt\r\nSec-WebSocket-Extensions: " + extension + "\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            BufferedReader answer =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
            List<String> head = new ArrayList<>();
            for (String line = answer.readLine(); !line.isEmpty(); line = answer.readLine()) {
                head.add(line.toLowerCase(java.util.Locale.ROOT));
            }

            assertThat(head.get(0)).startsWith("http/1.1 101");
            assertThat(head).noneMatch(line -> line.startsWith("sec-websocket-extensions"));
        }
    }

    @Test
    void stopping_the_server_cuts_every_websocket_at_once() throws Exception {
        EchoBackend echo = EchoBackend.isReady();
        TestServer server = TestServer.withBackends(folder, echo, new EchoBackend());
        WebSocketClient client = open(server, "/$iothub/websocket", "mqtt").opened();

        server.close();

        client.closed.get(20, TimeUnit.SECONDS);
        echo.closed.get(20, TimeUnit.SECONDS);
    }
}
