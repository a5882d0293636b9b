package io.hubwire.localhub.https;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.hubwire.localhub.https.HubOverHttps.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import okhttp3.RequestBody;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of messages to a device that never asks for them, as the back end hears of it. */
@Timeout(60)
class FeedbackOverHttpsTest {
    private static final String FEEDBACK = "/messages/serviceBound/feedback";

    private HubOverHttps hub;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        hub = new HubOverHttps(HubOverHttps.tls(folder));
        hub.device("d1");
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    private void send(String id, String ack, Duration life) throws IOException {
        Answer answer = hub.send(hub.owner("/devices/d1/messages/deviceBound" + HubOverHttps.VERSION)
                .header("iothub-messageid", id)
                .header("iothub-ack", ack)
                .header("iothub-expiry", hub.time.instant().plus(life).toString())
                .post(RequestBody.create(null, "x")));
        assertThat(answer.status()).as(answer.text()).isEqualTo(204);
    }

    private Answer receive() throws IOException {
        return hub.send(hub.owner(FEEDBACK + HubOverHttps.VERSION));
    }

    @Test
    void an_expiry_is_told_within_a_second_though_nobody_asked_for_the_message() throws IOException {
        send("told", "negative", Duration.ofSeconds(30));
        send("untold", "positive", Duration.ofSeconds(30));
        hub.time.advance(Duration.ofMillis(29_999));
        assertThat(receive().status()).isEqualTo(204);

        hub.time.advance(Duration.ofMillis(1_001));
        JsonNode records = receive().json();
        assertThat(records).hasSize(1);
        assertThat(records.at("/0/originalMessageId").asText()).isEqualTo("told");
        assertThat(records.at("/0/statusCode").asText()).isEqualTo("Expired");
        assertThat(records.at("/0/enqueuedTimeUtc").asText()).startsWith("2024-01-02T03:04:35");
    }

    @Test
    void feedback_is_locked_given_back_and_completed_once() throws IOException {
        send("m", "full", Duration.ofSeconds(1));
        hub.time.advance(Duration.ofSeconds(1));
        Answer first = receive();
        String lock = first.headers().get("ETag").replace("\"", "");
        assertThat(receive().status()).as("while it is locked").isEqualTo(204);

        String one = FEEDBACK + "/" + lock;
        assertThat(hub.send(hub.owner(one + "/abandon" + HubOverHttps.VERSION).post(RequestBody.create(null, "")))
                        .status())
                .isEqualTo(204);
        Answer again = receive();
        assertThat(again.json()).isEqualTo(first.json());
        String second = FEEDBACK + "/" + again.headers().get("ETag").replace("\"", "");
        assertThat(hub.send(hub.owner(second + HubOverHttps.VERSION).delete()).status())
                .isEqualTo(204);
        Answer late = hub.send(hub.owner(second + HubOverHttps.VERSION).delete());
        assertThat(late.status()).isEqualTo(412);
        assertThat(late.errorCode()).isEqualTo("DeviceMessageLockLost");
    }
}
