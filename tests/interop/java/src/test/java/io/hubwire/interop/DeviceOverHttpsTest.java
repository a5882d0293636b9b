package io.hubwire.interop;

import static com.microsoft.azure.sdk.iot.device.IotHubClientProtocol.HTTPS;
import static io.hubwire.interop.Hubwire.document;
import static io.hubwire.interop.Hubwire.documents;
import static io.hubwire.interop.Hubwire.events;
import static io.hubwire.interop.Hubwire.newDevice;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.azure.sdk.iot.device.ClientOptions;
import com.microsoft.azure.sdk.iot.device.DeviceClient;
import com.microsoft.azure.sdk.iot.device.FileUploadCompletionNotification;
import com.microsoft.azure.sdk.iot.device.FileUploadSasUriRequest;
import com.microsoft.azure.sdk.iot.device.FileUploadSasUriResponse;
import com.microsoft.azure.sdk.iot.device.IotHubMessageResult;
import com.microsoft.azure.sdk.iot.device.Message;
import io.hubwire.interop.Hubwire.Device;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The official Java device SDK over HTTPS: events, a batch, C2D with its three outcomes, a file. */
@Timeout(180)
class DeviceOverHttpsTest {
    private static DeviceClient open(Device device) throws Exception {
        ClientOptions options = ClientOptions.builder()
                .sslContext(Hubwire.trust())
                .receiveInterval(200) // milliseconds between two polls for C2D
                .build();
        DeviceClient client = new DeviceClient(device.connectionString(), HTTPS, options);
        client.open(false);
        return client;
    }

    @Test
    void sends_an_event_and_a_batch() throws Exception {
        Device device = newDevice("java-http");
        DeviceClient client = open(device);
        try {
            Message single = new Message("{\"windSpeed\":12}");
            single.setMessageId("single");
            single.setCorrelationId("c-1");
            single.setContentType("application/json");
            single.setContentEncoding("utf-8");
            single.setProperty("k", "v=w");
            client.sendEvent(single);
            List<Message> batch = new ArrayList<>();
            for (String text : List.of("two", "three")) {
                Message message = new Message(text);
                message.setProperty("batch", text);
                batch.add(message);
            }
            client.sendEvents(batch);
        } finally {
            client.close();
        }

        List<JsonNode> seen = events(device, 3);
        assertThat(seen).extracting(event -> event.path("body").toString()).satisfiesExactly(
                body -> assertThat(body).contains("windSpeed"),
                body -> assertThat(body).contains("two"),
                body -> assertThat(body).contains("three"));
        assertThat(seen.get(0).at("/system/message-id").asText()).isEqualTo("single");
        assertThat(seen.get(0).at("/system/correlation-id").asText()).isEqualTo("c-1");
        assertThat(seen.get(0).at("/system/content-type").asText()).isEqualTo("application/json");
        assertThat(seen.get(0).at("/properties/k").asText()).isEqualTo("v=w");
        assertThat(seen.get(2).at("/properties/batch").asText()).isEqualTo("three");
    }

    @Test
    void completes_abandons_and_rejects_messages_and_their_senders_hear_of_it() throws Exception {
        Device device = newDevice("java-http");
        BlockingQueue<String> arrived = new LinkedBlockingQueue<>();
        List<String> given = new ArrayList<>(); // only the SDK's receiving thread touches it
        DeviceClient client = open(device);
        try {
            client.setMessageCallback(
                    (message, context) -> {
                        String text = new String(message.getBytes(), StandardCharsets.UTF_8);
                        arrived.add(text);
                        if (text.equals("keep")) {
                            return IotHubMessageResult.COMPLETE;
                        }
                        given.add(text);
                        return given.size() == 1 ? IotHubMessageResult.ABANDON : IotHubMessageResult.REJECT;
                    },
                    null);

            JsonNode kept = document("c2d", "send", device.id(), "keep", "--via", "amqp", "--wait-feedback");
            document("c2d", "send", device.id(), "throw", "--message-id", "thrown", "--ack", "full");

            assertThat(kept.at("/feedback/statusCode").asText()).isEqualTo("Success");
            assertThat(arrived.poll(60, TimeUnit.SECONDS)).isEqualTo("keep");
            assertThat(arrived.poll(60, TimeUnit.SECONDS)).isEqualTo("throw");
            assertThat(arrived.poll(60, TimeUnit.SECONDS)).as("given back, so it came again").isEqualTo("throw");
            JsonNode feedback = next("originalMessageId", "thrown", "c2d", "feedback");
            assertThat(feedback.path("statusCode").asText()).isEqualTo("Rejected");
        } finally {
            client.close();
        }
    }

    @Test
    void uploads_a_file_of_which_the_back_end_hears() throws Exception {
        Device device = newDevice("java-http");
        byte[] content = "a file of the Java SDK".repeat(1000).getBytes(StandardCharsets.UTF_8);
        DeviceClient client = open(device);
        try {
            FileUploadSasUriResponse ticket =
                    client.getFileUploadSasUri(new FileUploadSasUriRequest("reports/file-1.txt"));
            HttpClient store = HttpClient.newBuilder().sslContext(Hubwire.trust()).build();
            HttpRequest put = HttpRequest.newBuilder(ticket.getBlobUri())
                    .header("x-ms-blob-type", "BlockBlob")
                    .PUT(HttpRequest.BodyPublishers.ofByteArray(content))
                    .build();
            assertThat(store.send(put, HttpResponse.BodyHandlers.discarding()).statusCode()).isEqualTo(201);
            client.completeFileUpload(
                    new FileUploadCompletionNotification(ticket.getCorrelationId(), true, 200, "done"));
        } finally {
            client.close();
        }

        JsonNode notice = next("deviceId", device.id(), "files");
        assertThat(notice.path("blobName").asText()).endsWith("reports/file-1.txt");
        assertThat(notice.path("blobSizeInBytes").asInt()).isEqualTo(content.length);
    }

    /** What a command shows next with this field; what other tests left unread goes by. */
    private static JsonNode next(String field, String value, String... command) throws Exception {
        List<String> arguments = new ArrayList<>(List.of(command));
        arguments.addAll(List.of("--count", "1", "--timeout", "30s"));
        for (int i = 0; i < 20; i++) {
            for (JsonNode document : documents(arguments.toArray(String[]::new))) {
                if (document.path(field).asText().equals(value)) {
                    return document;
                }
            }
        }
        throw new AssertionError("20 documents of " + arguments + ", none with " + field + " [" + value + "]");
    }
}
