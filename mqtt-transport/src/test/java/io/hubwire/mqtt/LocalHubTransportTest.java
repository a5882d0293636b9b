package io.hubwire.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.auth.HttpProxy;
import io.hubwire.auth.X509Identity;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.json.Json;
import io.hubwire.protocol.loopback.TestProxy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Other ways to the hub than the straight one: WebSocket, proxies. */
class LocalHubTransportTest extends LocalHubTest {
    private static final String REFUSED = "407 Proxy Authentication Required";

    private static void webSocket(ClientOptions.Builder options) {
        options.transport(Transport.WEB_SOCKET).port(hub.httpsPort());
    }

    @Test
    void everything_works_over_web_socket() throws Exception {
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        DeviceClient device = device(LocalHubTransportTest::webSocket);
        device.onMessage(message -> seen.add(message.message().text()));
        device.onMethod("blink", request -> MethodResponse.ok(request.payload()));
        device.connect().join();
        List<CompletableFuture<SendResult>> sent = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            sent.add(device.send(Message.of("n" + i)));
        }
        device.send(Message.builder(new byte[200_000]).build()).join();
        sent.forEach(CompletableFuture::join);
        assertThat(eventsOf(identity)).hasSize(301);
        assertThat(eventsOf(identity).get(299).message().text()).isEqualTo("n299");
        hub.engine().c2d().enqueue(identity, Message.of("hello"));
        assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo("hello");
        assertThat(invoke(identity, "blink", "[1]")).isEqualTo("200 [1]");
        assertThat(device.report("{\"a\":1}").join()).isEqualTo(2);
    }

    @Test
    void a_certificate_works_over_web_socket_too() {
        X509Identity certificate = SelfSignedDevice.certificate("x");
        Identity who = Identity.device("ws-cert-" + identity);
        hub.engine()
                .registry()
                .create(
                        who,
                        Json.parseObject(
                                "device",
                                "{\"authentication\":{\"type\":\"selfSigned\",\"x509Thumbprint\":{\"primaryThumbprint\":\""
                                        + certificate.thumbprint() + "\"}}}"));
        ClientOptions.Builder options = options();
        webSocket(options);
        DeviceClient device =
                closing(DeviceClient.of(address(), who, ClientCredentials.certificates(certificate), options.build()));
        device.connect().join();
    }

    @Test
    void a_refusal_over_web_socket_has_its_code() {
        DeviceClient device = device(
                io.hubwire.auth.ConnectionString.ofIdentity(
                        hub.host(), identity, io.hubwire.auth.SymmetricKey.ofBytes(new byte[32])),
                LocalHubTransportTest::webSocket);
        assertThat(ConversationTest.codeOf(device.connect())).isEqualTo(ErrorCode.UNAUTHORIZED);
    }

    @Test
    void a_server_without_web_socket_is_named() {
        DeviceClient device = device(options ->
                options.transport(Transport.WEB_SOCKET).port(hub.mqttPort()).retry(RetryPolicy.NONE));
        assertThat(ConversationTest.failureOf(device.connect())).hasMessageContaining("localhost:" + hub.mqttPort());
    }

    @Test
    void goes_through_a_proxy_without_a_password() throws IOException {
        try (TestProxy proxy = new TestProxy(head -> "200 OK")) {
            DeviceClient device = device(options -> options.proxy(HttpProxy.at("localhost", proxy.port())));
            device.connect().join();
            device.send(Message.of("x")).join();
            assertThat(proxy.requests())
                    .singleElement()
                    .asString()
                    .startsWith("CONNECT localhost:" + hub.mqttPort() + " HTTP/1.1\r\n")
                    .doesNotContain("Authorization");
        }
    }

    @Test
    void goes_through_a_proxy_with_a_password_over_web_socket() throws IOException {
        try (TestProxy proxy = new TestProxy(
                head -> head.contains("Proxy-Authorization: Basic YW5uOnDDpHNz\r\n") ? "200 OK" : REFUSED)) {
            DeviceClient device = device(options -> {
                webSocket(options);
                options.proxy(new HttpProxy("localhost", proxy.port(), "ann", "päss"));
            });
            device.connect().join();
            device.send(Message.of("x")).join();
        }
    }

    @Test
    void a_wrong_proxy_password_is_final_and_names_the_proxy() throws IOException {
        try (TestProxy proxy = new TestProxy(head -> REFUSED)) {
            DeviceClient device =
                    device(options -> options.proxy(new HttpProxy("localhost", proxy.port(), "ann", "secret")));
            HubwireException failure = ConversationTest.failureOf(device.connect());
            assertThat(failure.code()).isEqualTo(ErrorCode.UNAUTHORIZED);
            assertThat(failure).hasMessageContaining("proxy [localhost:" + proxy.port() + "] answered 407");
            assertThat(failure).hasMessageNotContaining("secret");
            assertThat(proxy.requests()).hasSize(1);
        }
    }

    @Test
    void a_proxy_that_is_away_is_named() {
        DeviceClient device =
                device(options -> options.proxy(HttpProxy.at("localhost", 1)).retry(RetryPolicy.NONE));
        HubwireException failure = ConversationTest.failureOf(device.connect());
        assertThat(failure.code()).isEqualTo(ErrorCode.UNREACHABLE);
        assertThat(failure).hasMessageContaining("proxy [localhost:1]");
    }
}
