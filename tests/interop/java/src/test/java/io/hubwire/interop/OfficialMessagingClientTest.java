package io.hubwire.interop;

import static io.hubwire.interop.Hubwire.env;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.microsoft.azure.sdk.iot.device.ClientOptions;
import com.microsoft.azure.sdk.iot.device.DeviceClient;
import com.microsoft.azure.sdk.iot.device.IotHubClientProtocol;
import com.microsoft.azure.sdk.iot.device.IotHubMessageResult;
import com.microsoft.azure.sdk.iot.service.exceptions.IotHubException;
import com.microsoft.azure.sdk.iot.service.messaging.AcknowledgementType;
import com.microsoft.azure.sdk.iot.service.messaging.DeliveryAcknowledgement;
import com.microsoft.azure.sdk.iot.service.messaging.FeedbackRecord;
import com.microsoft.azure.sdk.iot.service.messaging.FeedbackStatusCode;
import com.microsoft.azure.sdk.iot.service.messaging.IotHubServiceClientProtocol;
import com.microsoft.azure.sdk.iot.service.messaging.Message;
import com.microsoft.azure.sdk.iot.service.messaging.MessageFeedbackProcessorClient;
import com.microsoft.azure.sdk.iot.service.messaging.MessageFeedbackProcessorClientOptions;
import com.microsoft.azure.sdk.iot.service.messaging.MessagingClient;
import com.microsoft.azure.sdk.iot.service.messaging.MessagingClientOptions;
import com.microsoft.azure.sdk.iot.service.registry.Device;
import com.microsoft.azure.sdk.iot.service.registry.RegistryClient;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.HttpsURLConnection;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The official Java service SDK sends to devices over AMQP and over AMQP in WebSocket, and hears what became of it. */
@Timeout(120)
class OfficialMessagingClientTest {
    private static final String CONNECTION = env("IOTHUB_CONNECTION_STRING");
    private static final String RUN = UUID.randomUUID().toString().substring(0, 8);
    private static final int QUEUE_DEPTH = 50;

    private static MessagingClient open(IotHubServiceClientProtocol protocol) throws Exception {
        HttpsURLConnection.setDefaultSSLSocketFactory(Hubwire.trust().getSocketFactory());
        MessagingClient client = new MessagingClient(
                CONNECTION,
                protocol,
                MessagingClientOptions.builder().sslContext(Hubwire.trust()).build());
        client.open();
        return client;
    }

    private static Message message(String text) {
        Message message = new Message(text);
        message.setMessageId(UUID.randomUUID().toString());
        message.setProperties(Map.of("urgent", "true"));
        message.setDeliveryAcknowledgement(DeliveryAcknowledgement.Full);
        return message;
    }

    @ParameterizedTest
    @EnumSource(IotHubServiceClientProtocol.class)
    void a_message_reaches_the_device_and_its_feedback_the_back_end(IotHubServiceClientProtocol protocol)
            throws Exception {
        MessagingClient messaging = open(protocol);
        RegistryClient registry = new RegistryClient(CONNECTION);
        String id = "java-c2d-" + protocol.name().toLowerCase(java.util.Locale.ROOT) + "-" + RUN;
        String key = registry.addDevice(new Device(id)).getPrimaryKey();
        DeviceClient device = new DeviceClient(
                "HostName=127.0.0.1;DeviceId=" + id + ";SharedAccessKey=" + key,
                IotHubClientProtocol.MQTT,
                ClientOptions.builder().sslContext(Hubwire.trust()).build());
        BlockingQueue<com.microsoft.azure.sdk.iot.device.Message> arrived = new LinkedBlockingQueue<>();
        BlockingQueue<FeedbackRecord> told = new LinkedBlockingQueue<>();
        MessageFeedbackProcessorClient feedback = new MessageFeedbackProcessorClient(
                CONNECTION,
                protocol,
                batch -> {
                    batch.getRecords().stream()
                            .filter(record -> record.getDeviceId().equals(id))
                            .forEach(told::add);
                    return AcknowledgementType.COMPLETE;
                },
                MessageFeedbackProcessorClientOptions.builder()
                        .sslContext(Hubwire.trust())
                        .build());
        try {
            device.setMessageCallback(
                    (got, context) -> {
                        arrived.add(got);
                        return IotHubMessageResult.COMPLETE;
                    },
                    null);
            device.open(false);
            feedback.start();
            Message sent = message("switch on");
            messaging.send(id, sent);

            var got = arrived.poll(30, TimeUnit.SECONDS);
            assertThat(got).isNotNull();
            assertThat(new String(got.getBytes(), StandardCharsets.UTF_8)).isEqualTo("switch on");
            assertThat(got.getMessageId()).isEqualTo(sent.getMessageId());
            assertThat(got.getProperty("urgent")).isEqualTo("true");
            FeedbackRecord record = told.poll(30, TimeUnit.SECONDS);
            assertThat(record).isNotNull();
            assertThat(record.getOriginalMessageId()).isEqualTo(sent.getMessageId());
            assertThat(record.getStatusCode()).isEqualTo(FeedbackStatusCode.success);
        } finally {
            feedback.stop();
            device.close();
            messaging.close();
            registry.removeDevice(id);
        }
    }

    @ParameterizedTest
    @EnumSource(IotHubServiceClientProtocol.class)
    void an_unknown_device_and_a_full_queue_are_told_and_the_client_goes_on(IotHubServiceClientProtocol protocol)
            throws Exception {
        MessagingClient messaging = open(protocol);
        RegistryClient registry = new RegistryClient(CONNECTION);
        String id = "java-full-" + protocol.name().toLowerCase(java.util.Locale.ROOT) + "-" + RUN;
        registry.addDevice(new Device(id));
        try {
            assertThatThrownBy(() -> messaging.send("nobody-" + RUN, message("x")))
                    .isInstanceOf(IotHubException.class)
                    .hasMessageContaining("nobody-" + RUN);
            for (int i = 0; i < QUEUE_DEPTH; i++) {
                messaging.send(id, message("m" + i));
            }
            assertThatThrownBy(() -> messaging.send(id, message("one more"))).isInstanceOf(IotHubException.class);
        } finally {
            messaging.close();
            registry.removeDevice(id);
        }
    }
}
