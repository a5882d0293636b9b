package io.hubwire.localhub.https;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.fasterxml.jackson.databind.JsonNode;
import io.hubwire.localhub.engine.EventLog.Stored;
import io.hubwire.localhub.https.HubOverHttps.Answer;
import io.hubwire.localhub.tls.HubTls;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.SystemProperty;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import okhttp3.MediaType;
import okhttp3.RequestBody;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A device's whole life over HTTPS: telemetry out, messages in, feedback to the back end. */
@Timeout(60)
class DeviceOverHttpsTest {
    private static final MediaType OCTETS = MediaType.get("application/octet-stream");
    private static final String EVENTS = "/devices/d1/messages/events" + HubOverHttps.VERSION;
    private static final String BOUND = "/devices/d1/messages/deviceBound";

    private static HubTls tls;
    private HubOverHttps hub;
    private Identity device;

    @BeforeAll
    static void certificate(@TempDir Path folder) throws Exception {
        tls = HubOverHttps.tls(folder);
    }

    @BeforeEach
    void start() throws Exception {
        hub = new HubOverHttps(tls);
        device = hub.device("d1");
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    private List<Stored> events() {
        return IntStream.range(0, hub.engine.events().partitions())
                .boxed()
                .flatMap(p -> hub.engine.events().read(p, 0, 1000).stream())
                .toList();
    }

    @Test
    void an_event_is_in_the_log_with_all_it_says_and_who_sent_it() throws IOException {
        Answer answer = hub.send(hub.as(device, EVENTS)
                .header("iothub-messageid", "t-1")
                .header("iothub-contenttype", "application/json")
                .header("iothub-contentencoding", "utf-8")
                .header("iothub-app-Level", "Info")
                .header("iothub-connection-device-id", "somebody-else")
                .post(RequestBody.create(OCTETS, "{\"temp\":21}")));

        assertThat(answer.status()).isEqualTo(204);
        assertThat(events()).singleElement().satisfies(event -> {
            assertThat(event.source()).isEqualTo(device);
            assertThat(event.message().text()).isEqualTo("{\"temp\":21}");
            assertThat(event.message().messageId()).contains("t-1");
            assertThat(event.message().contentType()).contains("application/json");
            assertThat(event.message().properties()).containsExactly(entry("Level", "Info"));
            assertThat(event.message().get(SystemProperty.CONNECTION_DEVICE_ID)).isEmpty();
            assertThat(event.annotations())
                    .containsEntry(
                            "iothub-connection-auth-generation-id",
                            hub.engine
                                    .registry()
                                    .get(device)
                                    .path("generationId")
                                    .asText());
            assertThat(event.annotations().get("iothub-connection-auth-method").toString())
                    .contains("\"scope\":\"device\"");
        });
    }

    @Test
    void a_batch_is_stored_in_order() throws IOException {
        String batch = "[{'body':'MQ==','properties':{'iothub-app-k':'v'}},{'body':'2','base64Encoded':false}]";
        Answer answer = hub.send(hub.as(device, EVENTS)
                .post(RequestBody.create(
                        MediaType.get("application/vnd.microsoft.iothub.json; charset=utf-8"),
                        batch.replace('\'', '"'))));

        assertThat(answer.status()).isEqualTo(204);
        assertThat(events().stream().map(e -> e.message().text())).containsExactly("1", "2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[{'body':'MQ=='},{'body':'!'}]", "{}", "[", "[{'body':1}]"})
    void a_broken_batch_is_refused_and_none_of_it_stored(String batch) throws IOException {
        Answer answer = hub.send(hub.as(device, EVENTS)
                .post(RequestBody.create(
                        MediaType.get("application/vnd.microsoft.iothub.json"), batch.replace('\'', '"'))));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.errorCode()).isEqualTo("ArgumentInvalid");
        assertThat(events()).isEmpty();
    }

    @Test
    void an_event_of_256_kb_fits_and_its_properties_count() throws IOException {
        Answer fits = hub.send(
                hub.as(device, EVENTS).header("iothub-app-k", "v").post(RequestBody.create(OCTETS, new byte[262_142])));
        Answer over = hub.send(
                hub.as(device, EVENTS).header("iothub-app-k", "v").post(RequestBody.create(OCTETS, new byte[262_143])));

        assertThat(fits.status()).isEqualTo(204);
        assertThat(over.status()).isEqualTo(413);
        assertThat(over.errorCode()).isEqualTo("MessageTooLarge");
        assertThat(events()).hasSize(1);
    }

    @Test
    void a_module_speaks_for_itself_only() throws IOException {
        Identity module = hub.create(Identity.module("d1", "m1"), "{}");
        String path = "/devices/d1/modules/m1/messages/events" + HubOverHttps.VERSION;

        assertThat(hub.send(hub.as(module, path).post(RequestBody.create(OCTETS, "x")))
                        .status())
                .isEqualTo(204);
        assertThat(hub.send(hub.as(device, path).post(RequestBody.create(OCTETS, "x")))
                        .status())
                .isEqualTo(401);
        assertThat(hub.send(hub.as(module, EVENTS).post(RequestBody.create(OCTETS, "x")))
                        .status())
                .isEqualTo(401);
        assertThat(events()).singleElement().satisfies(e -> assertThat(e.source())
                .isEqualTo(module));
    }

    @ParameterizedTest
    @CsvSource({"iothubowner, 204", "device, 204", "service, 401", "registryReadWrite, 401"})
    void a_policy_with_device_connect_may_speak_for_any_device(String policy, int status) throws IOException {
        Answer answer = hub.send(hub.request(EVENTS)
                .header("Authorization", hub.policyToken(policy, HubOverHttps.HOST))
                .post(RequestBody.create(OCTETS, "x")));

        assertThat(answer.status()).isEqualTo(status);
    }

    @Test
    void a_self_signed_certificate_is_known_by_its_thumbprint() throws Exception {
        ClientCertificate known = ClientCertificate.selfSigned("x509");
        String thumbprint = HexFormat.of()
                .withUpperCase()
                .formatHex(MessageDigest.getInstance("SHA-1")
                        .digest(known.certificate().getEncoded()));
        hub.create(
                Identity.device("x509"),
                "{'authentication':{'type':'selfSigned','x509Thumbprint':{'primaryThumbprint':'" + thumbprint
                        + "','secondaryThumbprint':'" + thumbprint + "'}}}");
        String path = "/devices/x509/messages/events" + HubOverHttps.VERSION;

        assertThat(HubOverHttps.send(hub.client(known), hub.request(path).post(RequestBody.create(OCTETS, "x")))
                        .status())
                .isEqualTo(204);
        Answer other = HubOverHttps.send(
                hub.client(ClientCertificate.selfSigned("x509")),
                hub.request(path).post(RequestBody.create(OCTETS, "x")));
        assertThat(other.status()).isEqualTo(401);
        assertThat(other.errorCode()).isEqualTo("IotHubUnauthorized");
        assertThat(hub.send(hub.request(path).post(RequestBody.create(OCTETS, "x")))
                        .status())
                .isEqualTo(401);
    }

    @Test
    void an_unknown_or_disabled_device_is_told_so() throws IOException {
        Identity disabled = hub.create(Identity.device("off"), "{'status':'disabled','statusReason':'stolen'}");
        Answer off = hub.send(hub.as(disabled, "/devices/off/messages/events" + HubOverHttps.VERSION)
                .post(RequestBody.create(OCTETS, "x")));
        Answer nobody = hub.send(hub.as(device, "/devices/nobody/messages/events" + HubOverHttps.VERSION)
                .post(RequestBody.create(OCTETS, "x")));

        assertThat(off.status()).isEqualTo(403);
        assertThat(off.errorCode()).isEqualTo("DeviceDisabled");
        assertThat(nobody.status()).isEqualTo(404);
        assertThat(nobody.errorCode()).isEqualTo("DeviceNotFound");
    }

    private Answer receive() throws IOException {
        return hub.send(hub.as(device, BOUND + HubOverHttps.VERSION));
    }

    private static String lockToken(Answer received) {
        return received.headers().get("ETag").replace("\"", "");
    }

    private void sendC2d(String body) throws IOException {
        Answer sent = hub.send(hub.owner(BOUND + HubOverHttps.VERSION)
                .header("iothub-messageid", "m-" + body)
                .header("iothub-ack", "full")
                .header("iothub-app-k", "v")
                .header("Content-Encoding", "utf-8")
                .post(RequestBody.create(MediaType.get("text/plain"), body)));
        assertThat(sent.status()).isEqualTo(204);
    }

    @Test
    void a_message_goes_from_the_back_end_to_the_device_and_its_fate_comes_back() throws IOException {
        sendC2d("1");

        Answer received = receive();
        assertThat(received.status()).isEqualTo(200);
        assertThat(received.text()).isEqualTo("1");
        assertThat(received.headers().get("iothub-messageid")).isEqualTo("m-1");
        assertThat(received.headers().get("iothub-app-k")).isEqualTo("v");
        assertThat(received.headers().get("iothub-ack")).isEqualTo("full");
        assertThat(received.headers().get("ContentEncoding")).isEqualTo("utf-8");
        assertThat(received.headers().get("ContentType")).startsWith("text/plain");
        assertThat(received.headers().get("iothub-deliverycount")).isEqualTo("0");
        assertThat(received.headers().get("iothub-sequencenumber")).isEqualTo("1");
        assertThat(received.headers().get("iothub-enqueuedtime")).isEqualTo("01/02/2024 03:04:05 AM");
        assertThat(received.headers().get("iothub-expiry"))
                .as("the sender set none")
                .isEmpty();
        assertThat(received.headers().get("iothub-to")).isEqualTo("/devices/d1/messages/deviceBound");

        assertThat(receive().status()).as("locked").isEqualTo(204);
        assertThat(hub.send(hub.as(device, BOUND + "/" + lockToken(received) + HubOverHttps.VERSION)
                                .delete())
                        .status())
                .isEqualTo(204);

        Answer feedback = hub.send(hub.owner("/messages/serviceBound/feedback" + HubOverHttps.VERSION));
        assertThat(feedback.status()).isEqualTo(200);
        assertThat(feedback.headers().get("Content-Type")).isEqualTo("application/vnd.microsoft.iothub.feedback.json");
        assertThat(feedback.headers().get("iothub-userid")).isEqualTo("hub");
        JsonNode record = feedback.json().path(0);
        assertThat(record.path("originalMessageId").asText()).isEqualTo("m-1");
        assertThat(record.path("statusCode").asText()).isEqualTo("Success");
        assertThat(hub.send(hub.owner("/messages/serviceBound/feedback/" + lockToken(feedback) + HubOverHttps.VERSION)
                                .delete())
                        .status())
                .isEqualTo(204);
        assertThat(hub.send(hub.owner("/messages/serviceBound/feedback" + HubOverHttps.VERSION))
                        .status())
                .isEqualTo(204);
    }

    @ParameterizedTest
    @ValueSource(strings = {"&reject", "&reject=", "&reject=true", "&?reject=true", "&%3Freject=true"})
    void reject_counts_by_its_presence(String flag) throws IOException {
        sendC2d("1");
        String token = lockToken(receive());

        assertThat(hub.send(hub.as(device, BOUND + "/" + token + HubOverHttps.VERSION + flag)
                                .delete())
                        .status())
                .isEqualTo(204);

        Answer feedback = hub.send(hub.owner("/messages/serviceBound/feedback" + HubOverHttps.VERSION));
        assertThat(feedback.json().path(0).path("statusCode").asText()).isEqualTo("Rejected");
    }

    @Test
    void an_abandoned_message_comes_again_at_once_and_is_counted() throws IOException {
        sendC2d("1");
        String token = lockToken(receive());

        Answer abandoned = hub.send(hub.as(device, BOUND + "/" + token + "/abandon" + HubOverHttps.VERSION)
                .post(RequestBody.create((MediaType) null, new byte[0])));

        assertThat(abandoned.status()).isEqualTo(204);
        assertThat(receive().headers().get("iothub-deliverycount")).isEqualTo("1");
    }

    @Test
    void a_lock_that_ran_out_is_lost() throws IOException {
        sendC2d("1");
        String token = lockToken(receive());
        hub.time.advance(Duration.ofSeconds(61));

        Answer late = hub.send(
                hub.as(device, BOUND + "/" + token + HubOverHttps.VERSION).delete());

        assertThat(late.status()).isEqualTo(412);
        assertThat(late.errorCode()).isEqualTo("DeviceMessageLockLost");
        assertThat(receive().status()).isEqualTo(200);
    }

    @Test
    void strange_properties_of_a_message_cannot_forge_headers() throws IOException {
        hub.engine
                .c2d()
                .enqueue(
                        device,
                        Message.builder("x").property("a", "b\r\nX-Forged: yes").build());

        Answer received = receive();

        assertThat(received.headers().get("iothub-app-a")).isEqualTo("b??X-Forged: yes");
        assertThat(received.headers().get("X-Forged")).isNull();
    }
}
