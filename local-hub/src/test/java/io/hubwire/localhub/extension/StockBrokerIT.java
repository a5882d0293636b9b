package io.hubwire.localhub.extension;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.auth.SasToken;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.auth.TlsTrust;
import io.hubwire.localhub.LocalHub;
import io.hubwire.localhub.LocalHubOptions;
import io.hubwire.localhub.LocalHubOptions.Data;
import io.hubwire.localhub.PahoDevice;
import io.hubwire.localhub.PahoDevice.Received;
import io.hubwire.localhub.TestDevices;
import io.hubwire.localhub.engine.SharedAccessPolicy;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.mqtt.MqttUserName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The archive in a HiveMQ that knows nothing of us. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class StockBrokerIT {
    private static final Identity DEVICE = Identity.device("made-elsewhere");
    private static final String KEY = "bm90LWEtc2VjcmV0LW9mLWFueWJvZHktYXQtYWxsISE=";
    private static final Map<String, String> FREE_PORTS =
            Map.of("HUBWIRE_MQTT_PORT", "0", "HUBWIRE_HTTPS_PORT", "0", "HUBWIRE_AMQP_PORT", "0");
    private static final String WARM = "warm ".repeat(400);
    private static final String STARTED = "the hub \\[(.*?)\\] listens on .*: MQTT (\\d+), HTTPS (\\d+), AMQP (\\d+);"
            + " clients trust \\[(.*?)\\](.*)";

    @TempDir
    Path home;

    @Test
    void a_stock_broker_becomes_the_hub() throws Exception {
        try (StockBroker broker = new StockBroker(home)) {
            Files.writeString(
                    broker.extension().resolve("conf/hubwire.properties"),
                    "host = hub.example\ndata.folder = kept\nmqtt.port = 1 \n"); // a port that the environment corrects
            broker.start(FREE_PORTS);
            MatchResult started = broker.await(STARTED);
            assertThat(started.group(1)).isEqualTo("hub.example");
            assertThat(started.group(6))
                    .contains("data folder [" + broker.extension().resolve("kept") + "]: new");
            int mqtt = Integer.parseInt(started.group(2));
            Path caFile = Path.of(started.group(5));
            assertThat(caFile).isEqualTo(broker.extension().resolve("ca/ca.pem"));
            Https https = new Https(Integer.parseInt(started.group(3)), caFile);

            assertThat(https.call("PUT", "/devices/made-elsewhere", registration()))
                    .contains("\"deviceId\":\"made-elsewhere\"");
            try (PahoDevice device = device(mqtt, caFile)) {
                device.connect();
                device.subscribe("$iothub/methods/POST/#", 0);
                // larger than the broker's own settings allow, and with the retain flag, which they do not
                device.publish("devices/made-elsewhere/messages/events/at=home", WARM.getBytes(UTF_8), 1, true);
                CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> https.call(
                        "POST",
                        "/twins/made-elsewhere/methods",
                        "{\"methodName\":\"blink\",\"payload\":3,\"responseTimeoutInSeconds\":20}"));
                Received request = device.next();
                assertThat(request.topic()).startsWith("$iothub/methods/POST/blink/");
                String rid = request.topic().substring(request.topic().indexOf("$rid="));
                device.publish("$iothub/methods/res/200/?" + rid, "\"done\"");
                assertThat(answer.get(20, TimeUnit.SECONDS)).contains("\"status\":200", "\"done\"");

                refusesTheBrokersOwnListener(broker, mqtt, caFile);
                saysWhatOfTheBrokersSettingsIsInItsWay(broker);
            }
            assertThat(broker.said())
                    .doesNotContain(KEY)
                    .doesNotContain(owner().primaryKey().base64());
            assertThat(broker.stop()).as(broker.said()).isEqualTo(128 + 15);
            assertThat(broker.said())
                    .contains("the hub [hub.example] is closed")
                    .doesNotContain("ERROR");

            // what it kept is a hub's like any other
            Data kept = Data.in(broker.extension().resolve("kept"));
            try (LocalHub hub =
                    LocalHub.start(LocalHubOptions.builder().data(kept).build())) {
                assertThat(TestDevices.events(hub, DEVICE)).singleElement().satisfies(event -> {
                    assertThat(event.message().text()).isEqualTo(WARM);
                    assertThat(event.message().properties()).containsEntry("at", "home");
                });
            }
        }
    }

    @Test
    void a_hub_that_cannot_start_says_why_and_starts_when_it_can() throws Exception {
        Path conf = home.resolve("extensions/hubwire/conf/hubwire.properties");
        Path disabled = home.resolve("extensions/hubwire/DISABLED");
        try (StockBroker broker = new StockBroker(home);
                ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            Files.delete(conf);
            broker.start(Map.of());
            broker.await("prevented by the extension itself, reason: the hub is not configured: there is no file \\["
                    + conf + "\\], and none of the variables HUBWIRE_HOST, .*HUBWIRE_QUOTA is set");
            assertThat(disabled).exists();

            Files.writeString(
                    conf, "mqtt.port = 0\nhttps.port = " + taken.getLocalPort() + "\namqp.port = 0\nquota = S1\n");
            Files.delete(disabled);
            broker.ask("enable");
            broker.await("reason: the hub cannot listen on \\[127.0.0.1\\] port \\[" + taken.getLocalPort() + "\\]");

            Files.writeString(conf, "mqtt.port = 0\nhttps.port = 0\namqp.port = 0\n");
            Files.delete(disabled);
            broker.ask("enable");
            int mqtt = broker.await(STARTED, 2);
            assertThat(isOpen(mqtt)).isTrue();
            assertThat(broker.ask("threads")).contains("hubwire");

            broker.ask("disable");
            broker.await("the hub \\[localhost\\] is closed");
            assertThat(isOpen(mqtt)).isFalse();
            assertThat(broker.ask("threads")).isEqualTo("[]");

            Files.deleteIfExists(disabled);
            broker.ask("enable");
            assertThat(isOpen(broker.await(STARTED, 2))).isTrue();
            assertThat(broker.said()).doesNotContain("ERROR");
        }
    }

    private static void refusesTheBrokersOwnListener(StockBroker broker, int hubPort, Path caFile) throws Exception {
        int own = broker.await("Started TCP Listener on address 127.0.0.1 and on port (\\d+)", 1);
        try (PahoDevice device = credentials(PahoDevice.of("tcp://localhost:" + own, caFile, DEVICE.clientId()))) {
            assertThat(device.refused()).isEqualTo(5);
        }
        broker.await("refused a client from 127.0.0.1 on the broker's own listener \\[own, port " + own
                + "\\]: devices connect by TLS to port " + hubPort);
    }

    private static void saysWhatOfTheBrokersSettingsIsInItsWay(StockBroker broker) {
        broker.await("WARN .*restricts the hub: \\[mqtt/retained-messages\\] is switched off");
    }

    private static PahoDevice device(int port, Path caFile) throws Exception {
        return credentials(PahoDevice.of("ssl://localhost:" + port, caFile, DEVICE.clientId()));
    }

    private static PahoDevice credentials(PahoDevice device) {
        return device.userName(MqttUserName.of("hub.example", DEVICE).format())
                .password(
                        SasToken.sign("hub.example/" + DEVICE.resource(), SymmetricKey.ofBase64(KEY), inAnHour(), null)
                                .text());
    }

    private static String registration() {
        return "{\"deviceId\":\"made-elsewhere\",\"authentication\":{\"symmetricKey\":{\"primaryKey\":\"" + KEY
                + "\",\"secondaryKey\":\"" + KEY + "\"}}}";
    }

    private static SharedAccessPolicy owner() {
        return SharedAccessPolicy.defaults().stream()
                .filter(policy -> policy.name().equals("iothubowner"))
                .findFirst()
                .orElseThrow();
    }

    private static Instant inAnHour() {
        return Clock.systemUTC().instant().plusSeconds(3600);
    }

    private static boolean isOpen(int port) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            return socket.isConnected();
        } catch (java.net.ConnectException e) {
            return false;
        }
    }

    /** The service API, as the owner. */
    private record Https(int port, OkHttpClient client) {
        Https(int port, Path caFile) throws Exception {
            this(
                    port,
                    new OkHttpClient.Builder()
                            .sslSocketFactory(
                                    TlsTrust.pem(caFile).context().getSocketFactory(),
                                    TlsTrust.pem(caFile).trustManager())
                            .readTimeout(30, TimeUnit.SECONDS)
                            .build());
        }

        String call(String method, String path, String body) {
            Request request = new Request.Builder()
                    .url("https://localhost:" + port + path + "?api-version=2021-04-12")
                    .header(
                            "Authorization",
                            SasToken.sign("hub.example", owner().primaryKey(), inAnHour(), "iothubowner")
                                    .text())
                    .method(method, RequestBody.create(MediaType.get("application/json"), body))
                    .build();
            try (Response response = client.newCall(request).execute()) {
                return response.body().string();
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }
    }
}
