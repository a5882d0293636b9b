package io.hubwire.localhub.https;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.localhub.https.HubOverHttps.Answer;
import io.hubwire.localhub.tls.HubTls;
import io.hubwire.protocol.Identity;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
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

/** What the service API says to requests that are wrong, and that they change nothing. */
@Timeout(60)
class ServiceBadInputTest {
    private static HubTls tls;
    private HubOverHttps hub;

    @BeforeAll
    static void certificate(@TempDir Path folder) throws Exception {
        tls = HubOverHttps.tls(folder);
    }

    @BeforeEach
    void start() throws Exception {
        hub = new HubOverHttps(tls);
        hub.device("d1");
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    private Answer send(String method, String path, String json) throws IOException {
        return hub.send(hub.owner(path + HubOverHttps.VERSION)
                .method(method, method.equals("GET") ? null : HubOverHttps.body(json)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // not JSON at all
                "PUT   | /devices/d2         | {'deviceId'          | 400 | IotHubFormatError",
                "PUT   | /devices/d2         | ``                   | 400 | IotHubFormatError",
                "PUT   | /devices/d2         | {} {}                | 400 | IotHubFormatError",
                "PATCH | /twins/d1           | {'tags':{'a':1,'a':2}} | 400 | IotHubFormatError",
                // JSON of the wrong kind
                "PUT   | /devices/d2         | []                   | 400 | ArgumentInvalid",
                "PUT   | /devices/d2         | 'text'               | 400 | ArgumentInvalid",
                "POST  | /devices            | {}                   | 400 | ArgumentInvalid",
                "PATCH | /twins/d1           | []                   | 400 | ArgumentInvalid",
                "PATCH | /twins/d1           | {'tags':1}           | 400 | ArgumentInvalid",
                "PUT   | /devices/d2         | {'status':'asleep'}  | 400 | ArgumentInvalid",
                "PUT   | /devices/d2         | {'authentication':1} | 400 | ArgumentInvalid",
                "PUT   | /devices/d2         | {'authentication':{'symmetricKey':{'primaryKey':'short','secondaryKey':'short'}}} | 400 | ArgumentInvalid",
                // ids
                "PUT   | /devices/d2         | {'deviceId':'d3'}    | 400 | ArgumentInvalid",
                "PUT   | /devices/a%20b      | {}                   | 400 | ArgumentInvalid",
                "PUT   | /devices/%C3%BC     | {}                   | 400 | ArgumentInvalid",
                "PUT   | /devices/a%2Fb      | {}                   | 400 | ArgumentInvalid",
                "GET   | /twins/a%00b        | ``                   | 400 | GenericBadRequest",
                "PUT   | /devices/d1/modules/m%20 | {}              | 400 | ArgumentInvalid",
                // twins
                "PATCH | /twins/d1           | {'tags':{'a.b':1}}   | 400 | ArgumentInvalid",
                "PATCH | /twins/d1           | {'properties':{'desired':{'n':4503599627370497}}} | 400 | ArgumentInvalid",
                "PUT   | /twins/d1           | {'tags':{'a':null}}  | 400 | ArgumentInvalid",
                // methods
                "POST  | /twins/d1/methods   | {}                   | 400 | ArgumentInvalid",
                "POST  | /twins/d1/methods   | {'methodName':1}     | 400 | ArgumentInvalid",
                "POST  | /twins/d1/methods   | {'methodName':'a b'} | 400 | ArgumentInvalid",
                "POST  | /twins/d1/methods   | {'methodName':'a/b'} | 400 | ArgumentInvalid",
                "POST  | /twins/d1/methods   | {'methodName':'m','responseTimeoutInSeconds':4}   | 400 | ArgumentInvalid",
                "POST  | /twins/d1/methods   | {'methodName':'m','responseTimeoutInSeconds':301} | 400 | ArgumentInvalid",
                "POST  | /twins/d1/methods   | {'methodName':'m','responseTimeoutInSeconds':'9'} | 400 | ArgumentInvalid",
                "POST  | /twins/d1/methods   | {'methodName':'m','connectTimeoutInSeconds':-1}   | 400 | ArgumentInvalid",
                "POST  | /twins/d1/methods   | {'methodName':'m','connectTimeoutInSeconds':1.5}  | 400 | ArgumentInvalid",
                // what is not there, or there already
                "GET   | /devices/nobody     | ``                   | 404 | DeviceNotFound",
                "PUT   | /devices/nobody/modules/m | {}             | 404 | DeviceNotFound",
                "GET   | /twins/d1/modules/m | ``                   | 404 | ModuleNotFound",
                "PUT   | /devices/d1         | {}                   | 409 | DeviceAlreadyExists",
                "DELETE | /messages/serviceBound/feedback/none | ``  | 412 | DeviceMessageLockLost",
                "POST  | /messages/serviceBound/feedback/none/abandon | `` | 412 | DeviceMessageLockLost"
            })
    void is_refused_with_the_documented_code_and_changes_nothing(
            String method, String path, String body, int status, String code) throws IOException {
        String before =
                hub.engine.registry().list(100).toString() + hub.engine.twins().get(Identity.device("d1"));

        Answer answer = send(method, path, body);

        assertThat(answer.status()).as(answer.text()).isEqualTo(status);
        assertThat(answer.errorCode()).isEqualTo(code);
        assertThat(hub.engine.registry().list(100).toString()
                        + hub.engine.twins().get(Identity.device("d1")))
                .isEqualTo(before);
    }

    @Test
    void more_than_a_hundred_items_are_too_many_for_one_bulk_call() throws IOException {
        String items = IntStream.rangeClosed(1, 101)
                .mapToObj(i -> "{'id':'b" + i + "','importMode':'create'}")
                .collect(Collectors.joining(",", "[", "]"));

        Answer answer = send("POST", "/devices", items);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.errorCode()).isEqualTo("BulkRegistryOperationFailure");
        assertThat(hub.engine.registry().list(1000)).hasSize(1);
    }

    @Test
    void a_c2d_message_over_64_kb_is_too_large() throws IOException {
        Answer fits = hub.send(hub.owner("/devices/d1/messages/deviceBound" + HubOverHttps.VERSION)
                .post(RequestBody.create((MediaType) null, new byte[65_536])));
        assertThat(fits.status()).isEqualTo(204);

        Answer answer = hub.send(hub.owner("/devices/d1/messages/deviceBound" + HubOverHttps.VERSION)
                .post(RequestBody.create((MediaType) null, new byte[65_537])));

        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.errorCode()).isEqualTo("MessageTooLarge");
        assertThat(hub.engine.c2d().pending(Identity.device("d1"))).isEqualTo(1);
    }

    @Test
    void a_method_payload_over_128_kb_is_too_large() throws IOException {
        Answer answer =
                send("POST", "/twins/d1/methods", "{'methodName':'m','payload':'" + "x".repeat(128 * 1024) + "'}");

        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.json().path("Message").asText()).contains("413001");
    }

    @Test
    void a_document_nested_without_end_is_refused_quickly() throws IOException {
        Answer answer = send("PATCH", "/twins/d1", "[".repeat(100_000));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.errorCode()).isEqualTo("IotHubFormatError");
    }

    @Test
    void an_entity_is_guarded_by_its_tag_in_every_form() throws IOException {
        String tag =
                hub.engine.registry().get(Identity.device("d1")).path("etag").asText();
        assertThat(update("\"stale\"").status()).isEqualTo(412);
        assertThat(update("stale").errorCode()).isEqualTo("PreconditionFailed");
        assertThat(update(tag).status()).isEqualTo(200);
        tag = hub.engine.registry().get(Identity.device("d1")).path("etag").asText();
        assertThat(update("\"" + tag + "\"").status()).isEqualTo(200);
        assertThat(update("*").status()).isEqualTo(200);
        assertThat(update("\"*\"").status()).isEqualTo(200);
        Answer updated = update("W/\"*\"");
        assertThat(updated.status()).isEqualTo(200);
        assertThat(updated.headers().get("ETag"))
                .isEqualTo("\"" + updated.json().path("etag").asText() + "\"");
    }

    private Answer update(String ifMatch) throws IOException {
        return hub.send(hub.owner("/devices/d1" + HubOverHttps.VERSION)
                .header("If-Match", ifMatch)
                .put(HubOverHttps.body("{'deviceId':'d1'}")));
    }

    @Test
    void the_token_of_a_querys_next_page_ends_after_five_minutes() throws IOException {
        hub.device("d2");
        String query = "{'query':'SELECT * FROM devices'}";
        String path = "/devices/query" + HubOverHttps.VERSION;
        Answer page =
                hub.send(hub.owner(path).header("x-ms-max-item-count", "1").post(HubOverHttps.body(query)));
        String token = page.headers().get("x-ms-continuation");
        hub.time.advance(Duration.ofMinutes(5).plusMillis(1));

        Answer late =
                hub.send(hub.owner(path).header("x-ms-continuation", token).post(HubOverHttps.body(query)));
        assertThat(late.status()).isEqualTo(400);
        assertThat(late.errorCode()).isEqualTo("ArgumentInvalid");
        assertThat(late.text()).contains("expired");
    }
}
