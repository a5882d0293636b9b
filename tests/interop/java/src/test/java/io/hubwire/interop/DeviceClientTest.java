package io.hubwire.interop;

import static com.microsoft.azure.sdk.iot.device.IotHubClientProtocol.MQTT;
import static io.hubwire.interop.Hubwire.document;
import static io.hubwire.interop.Hubwire.events;
import static io.hubwire.interop.Hubwire.newDevice;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.azure.sdk.iot.device.ClientOptions;
import com.microsoft.azure.sdk.iot.device.DeviceClient;
import com.microsoft.azure.sdk.iot.device.IotHubClientProtocol;
import com.microsoft.azure.sdk.iot.device.IotHubMessageResult;
import com.microsoft.azure.sdk.iot.device.Message;
import com.microsoft.azure.sdk.iot.device.exceptions.IotHubClientException;
import com.microsoft.azure.sdk.iot.device.twin.DirectMethodResponse;
import com.microsoft.azure.sdk.iot.device.twin.Twin;
import com.microsoft.azure.sdk.iot.device.twin.TwinCollection;
import io.hubwire.interop.Hubwire.Device;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The official Java device SDK over MQTT, plain and in WebSocket; the back end's side is the hubwire command. */
@Timeout(180)
class DeviceClientTest {
    private static final String HARD = "a=b&c%20d+e \"f\" /?#$;:@ü€😀";

    private static DeviceClient open(Device device, IotHubClientProtocol protocol) throws Exception {
        ClientOptions options =
                ClientOptions.builder().sslContext(Hubwire.trust()).build();
        DeviceClient client = new DeviceClient(device.connectionString(), protocol, options);
        client.open(false);
        return client;
    }

    @ParameterizedTest
    @EnumSource(names = {"MQTT", "MQTT_WS"})
    void sends_a_message_that_hubwire_monitor_shows(IotHubClientProtocol protocol) throws Exception {
        Device device = newDevice("java");
        DeviceClient client = open(device, protocol);
        try {
            Message message = new Message("{\"windSpeed\":12}");
            message.setMessageId(HARD);
            message.setCorrelationId("c-1");
            message.setContentType("application/json");
            message.setContentEncoding("utf-8");
            message.setProperty("hard", HARD);
            client.sendEvent(message);
        } finally {
            client.close();
        }

        JsonNode seen = events(device, 1).get(0);
        assertThat(seen.path("deviceId").asText()).isEqualTo(device.id());
        assertThat(seen.toString()).contains("windSpeed");
        assertThat(seen.path("system").path("message-id").asText()).isEqualTo(HARD);
        assertThat(seen.path("system").path("correlation-id").asText()).isEqualTo("c-1");
        assertThat(seen.path("system").path("content-type").asText()).isEqualTo("application/json");
        assertThat(seen.path("properties").path("hard").asText()).isEqualTo(HARD);
    }

    @ParameterizedTest
    @EnumSource(names = {"MQTT", "MQTT_WS"})
    void receives_a_c2d_message_and_its_sender_the_feedback(IotHubClientProtocol protocol) throws Exception {
        Device device = newDevice("java");
        CompletableFuture<Message> arrived = new CompletableFuture<>();
        DeviceClient client = open(device, protocol);
        try {
            client.setMessageCallback(
                    (message, context) -> {
                        arrived.complete(message);
                        return IotHubMessageResult.COMPLETE;
                    },
                    null);
            client.sendEvent(new Message("subscribed")); // the SUBSCRIBE went before

            JsonNode sent =
                    document("c2d", "send", device.id(), "hello", "--via", "amqp", "-p", "x=1", "--wait-feedback");

            Message got = arrived.get(60, TimeUnit.SECONDS);
            assertThat(new String(got.getBytes(), StandardCharsets.UTF_8)).isEqualTo("hello");
            assertThat(got.getMessageId()).isEqualTo(sent.path("messageId").asText());
            assertThat(got.getProperty("x")).isEqualTo("1");
            assertThat(sent.at("/feedback/statusCode").asText()).isEqualTo("Success");
        } finally {
            client.close();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MQTT", "MQTT_WS"})
    void answers_a_direct_method(IotHubClientProtocol protocol) throws Exception {
        Device device = newDevice("java");
        DeviceClient client = open(device, protocol);
        try {
            client.subscribeToMethods(
                    (name, payload, context) -> new DirectMethodResponse(
                            202, Map.of("name", name, "times", payload.getPayload(Map.class).get("times"), "text", HARD)),
                    null);

            JsonNode answer = document("method", "invoke", device.id(), "blink", "{\"times\":\"3\"}");

            assertThat(answer.path("status").asInt()).isEqualTo(202);
            assertThat(answer.at("/payload/name").asText()).isEqualTo("blink");
            assertThat(answer.at("/payload/times").asText()).isEqualTo("3");
            assertThat(answer.at("/payload/text").asText()).isEqualTo(HARD);
        } finally {
            client.close();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"MQTT", "MQTT_WS"})
    void gets_its_twin_reports_and_sees_a_desired_patch(IotHubClientProtocol protocol) throws Exception {
        Device device = newDevice("java");
        document("twin", "update", device.id(), "{\"properties\":{\"desired\":{\"name\":\"first\"}}}");
        CompletableFuture<Twin> patched = new CompletableFuture<>();
        DeviceClient client = open(device, protocol);
        try {
            client.subscribeToDesiredProperties(
                    (twin, context) -> {
                        if ("second".equals(twin.getDesiredProperties().get("name"))) {
                            patched.complete(twin);
                        }
                    },
                    null);
            Twin twin = TwinRequest.answered(client::getTwin);
            assertThat(twin.getDesiredProperties()).containsEntry("name", "first");
            assertThat(twin.getDesiredProperties().getVersion()).isEqualTo(2);

            TwinCollection reported = new TwinCollection();
            reported.put("state", HARD);
            int version = TwinRequest.answered(within -> client.updateReportedProperties(reported, within))
                    .getVersion();
            JsonNode seen = document("twin", "show", device.id()).at("/properties/reported");
            assertThat(seen.path("state").asText()).isEqualTo(HARD);
            assertThat(version).isGreaterThan(1).isEqualTo(seen.path("$version").asInt());

            document("twin", "update", device.id(), "{\"properties\":{\"desired\":{\"name\":\"second\"}}}");
            assertThat(patched.get(60, TimeUnit.SECONDS).getDesiredProperties().getVersion())
                    .isEqualTo(3);
        } finally {
            client.close();
        }
    }

    @Test
    void a_wrong_key_is_refused() throws Exception {
        Device device = newDevice("java");
        String wrong = Base64.getEncoder().encodeToString(new byte[32]);
        Device impostor = new Device(
                device.id(), device.connectionString().replaceFirst("SharedAccessKey=.*", "SharedAccessKey=" + wrong));
        assertThatThrownBy(() -> open(impostor, MQTT).close()).isInstanceOf(IotHubClientException.class);
    }
}
