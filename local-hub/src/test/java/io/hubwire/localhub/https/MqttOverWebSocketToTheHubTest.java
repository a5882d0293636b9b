package io.hubwire.localhub.https;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.auth.TlsTrust;
import io.hubwire.localhub.LocalHub;
import io.hubwire.localhub.PahoDevice;
import io.hubwire.localhub.engine.C2dQueues;
import io.hubwire.localhub.engine.DirectMethods.Call;
import io.hubwire.localhub.engine.DirectMethods.Result;
import io.hubwire.localhub.engine.EventLog;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A device on Paho through the HTTPS port to the broker of a whole hub, and back. */
@Timeout(120)
class MqttOverWebSocketToTheHubTest {
    private static final String PATH = "/$iothub/websocket?iothub-no-client-cert=true";

    private static LocalHub hub;

    @BeforeAll
    static void start() {
        hub = LocalHub.start();
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    private static Identity create(String id, String json) {
        Identity device = Identity.device(id);
        hub.engine().registry().create(device, (ObjectNode) Json.parse("test", json.replace('\'', '"')));
        return device;
    }

    private static List<EventLog.Stored> eventsOf(Identity device) {
        EventLog events = hub.engine().events();
        return IntStream.range(0, events.partitions())
                .boxed()
                .flatMap(p -> events.read(p, 0, 10_000).stream())
                .filter(e -> e.source().equals(device))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/$iothub/websocket",
                "/$iothub/websocket?iothub-no-client-cert=true",
                "/$iothub/websocket?iothub-no-client-cert=true&more=1",
                "/mqtt",
                "/"
            })
    void connects_and_sends_on_every_path_that_an_sdk_uses(String path) throws Exception {
        Identity device = create("path-" + Math.abs(path.hashCode()), "{}");
        try (PahoDevice paho = PahoDevice.overWebSocket(hub, device, path)) {
            paho.connect();
            paho.publish("devices/" + device.deviceId() + "/messages/events/a=1", "hello");
        }

        assertThat(eventsOf(device)).singleElement().satisfies(e -> {
            assertThat(e.message().text()).isEqualTo("hello");
            assertThat(e.message().properties()).containsEntry("a", "1");
        });
    }

    @Test
    void a_wrong_token_is_refused_with_a_connack() throws Exception {
        Identity device = create("wrong", "{}");
        try (PahoDevice paho =
                PahoDevice.overWebSocket(hub, device, PATH).password("SharedAccessSignature sr=x&sig=y&se=1")) {
            assertThat(paho.refused()).isIn(4, 5);
        }
    }

    @Test
    void a_client_certificate_reaches_the_broker() throws Exception {
        ClientCertificate certificate = ClientCertificate.selfSigned("ws-x509");
        String thumbprint = HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256")
                        .digest(certificate.certificate().getEncoded()));
        Identity device = create(
                "ws-x509",
                "{'authentication':{'type':'selfSigned','x509Thumbprint':{'primaryThumbprint':'" + thumbprint
                        + "','secondaryThumbprint':'" + thumbprint + "'}}}");
        TlsTrust trust = TlsTrust.pem(hub.caFile());
        try (PahoDevice paho = PahoDevice.overWebSocket(
                hub, device, "/$iothub/websocket", certificate.context(trust.trustManager()))) {
            paho.connect();
            paho.publish("devices/ws-x509/messages/events/", "hello");
        }

        assertThat(eventsOf(device)).hasSize(1);
    }

    @Test
    void five_hundred_messages_in_flight_and_a_large_one_arrive_in_order() throws Exception {
        Identity device = create("many", "{}");
        try (PahoDevice paho = PahoDevice.overWebSocket(hub, device, PATH)) {
            paho.connect();
            List<IMqttDeliveryToken> tokens = new ArrayList<>();
            for (int i = 0; i < 500; i++) {
                tokens.add(paho.send("devices/many/messages/events/", "message " + i, 1));
            }
            for (IMqttDeliveryToken token : tokens) {
                token.waitForCompletion(20_000);
            }
            paho.publish("devices/many/messages/events/", "x".repeat(200_000));
        }

        List<EventLog.Stored> events = eventsOf(device);
        assertThat(events).hasSize(501);
        assertThat(events.subList(0, 500).stream().map(e -> e.message().text()))
                .isEqualTo(IntStream.range(0, 500).mapToObj(i -> "message " + i).toList());
        assertThat(events.get(500).message().bodyLength()).isEqualTo(200_000);
    }

    @Test
    void messages_and_methods_reach_the_device() throws Exception {
        Identity device = create("reached", "{}");
        C2dQueues queues = hub.engine().c2d();
        try (PahoDevice paho = PahoDevice.overWebSocket(hub, device, PATH)) {
            paho.connect();
            paho.subscribe("devices/reached/messages/devicebound/#", 1);
            paho.subscribe("$iothub/methods/POST/#", 0);
            for (int i = 0; i < 50; i++) {
                queues.enqueue(device, Message.of("c2d " + i));
            }
            for (int i = 0; i < 50; i++) {
                assertThat(paho.next().body()).isEqualTo("c2d " + i);
            }
            await().untilAsserted(() -> assertThat(queues.pending(device)).isZero());

            CompletableFuture<Result> result = hub.engine()
                    .methods()
                    .invoke(
                            device,
                            new Call(
                                    "blink",
                                    "1".getBytes(StandardCharsets.UTF_8),
                                    Duration.ofSeconds(20),
                                    Duration.ZERO));
            PahoDevice.Received request = paho.next();
            String requestId = request.topic().substring(request.topic().indexOf("$rid=") + "$rid=".length());
            paho.publish(
                    "$iothub/methods/res/200/?$rid=" + requestId, "true".getBytes(StandardCharsets.UTF_8), 0, false);

            assertThat(result.get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
        }
    }
}
