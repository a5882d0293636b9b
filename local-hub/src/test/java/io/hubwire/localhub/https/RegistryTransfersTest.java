package io.hubwire.localhub.https;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.hubwire.localhub.engine.ETagMatch;
import io.hubwire.localhub.https.HubOverHttps.Answer;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import okhttp3.RequestBody;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Import and export by way of the hub's own container, and new keys for many. */
@Timeout(60)
class RegistryTransfersTest {
    private static final String CONTAINER = "https://localhost:8443/registry?sig=secret";

    private HubOverHttps hub;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        hub = new HubOverHttps(HubOverHttps.tls(folder));
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    private Answer create(String json) throws IOException {
        return hub.send(hub.owner("/jobs/create" + HubOverHttps.VERSION).post(HubOverHttps.body(json)));
    }

    private JsonNode finished(Answer created) throws IOException {
        assertThat(created.status()).as(created.text()).isEqualTo(200);
        hub.time.advance(Duration.ofSeconds(1));
        return hub.send(hub.owner("/jobs/" + created.json().path("jobId").asText() + HubOverHttps.VERSION))
                .json();
    }

    private Answer blob(String name) throws IOException {
        return hub.send(hub.owner("/registry/" + name + HubOverHttps.VERSION));
    }

    private void putBlob(String name, String text) throws IOException {
        assertThat(hub.send(hub.owner("/registry/" + name + HubOverHttps.VERSION)
                                .put(RequestBody.create(null, text)))
                        .status())
                .isEqualTo(201);
    }

    @Test
    void what_is_exported_can_be_imported_into_an_empty_hub() throws IOException {
        for (int i = 0; i < 230; i++) {
            hub.device("d" + i);
        }
        hub.create(Identity.module("d1", "m1"), "{}");
        hub.engine
                .twins()
                .patch(
                        Identity.device("d1"),
                        HubOverHttps.object("{'tags':{'a':1},'properties':{'desired':{'b':2}}}"),
                        new ETagMatch.Any());

        JsonNode export = finished(create("{'type':'export','outputBlobContainerUri':'" + CONTAINER + "'}"));
        assertThat(export.path("status").asText()).isEqualTo("completed");
        assertThat(export.path("progress").asInt()).isEqualTo(100);
        String lines = blob("devices.txt").text();
        assertThat(lines.lines()).hasSize(231);

        try (HubOverHttps other = hub.another()) {
            RegistryTransfersTest there = new RegistryTransfersTest();
            there.hub = other;
            there.putBlob("devices.txt", lines);
            JsonNode done = there.finished(there.create("{'type':'import','inputBlobContainerUri':'" + CONTAINER
                    + "','outputBlobContainerUri':'" + CONTAINER + "'}"));

            assertThat(done.path("status").asText()).isEqualTo("completed");
            assertThat(there.blob("importErrors.log").status()).isEqualTo(404);
            for (Identity each : new Identity[] {Identity.device("d1"), Identity.module("d1", "m1")}) {
                assertThat(other.engine.registry().get(each).path("authentication"))
                        .isEqualTo(hub.engine.registry().get(each).path("authentication"));
            }
            JsonNode twin = other.engine.twins().get(Identity.device("d1"));
            assertThat(twin.path("tags")).hasToString("{\"a\":1}");
            assertThat(twin.at("/properties/desired/b").asInt()).isEqualTo(2);
        }
    }

    @Test
    void keys_can_be_left_out() throws IOException {
        hub.device("d");
        finished(
                create("{'type':'export','excludeKeysInExport':true,'outputBlobName':'x.txt','outputBlobContainerUri':'"
                        + CONTAINER + "'}"));

        JsonNode line = Json.parse("line", blob("x.txt").text());
        assertThat(line.at("/authentication/symmetricKey")).hasToString("{\"primaryKey\":null,\"secondaryKey\":null}");
    }

    @Test
    void lines_that_fail_are_noted_and_do_not_stop_the_others() throws IOException {
        hub.device("there");
        putBlob(
                "in/devices.txt",
                "{\"id\":\"a\"}\nno json\n\n{\"id\":\"there\",\"importMode\":\"create\"}\n{\"id\":\"b\"}\n");
        JsonNode done = finished(create("{'type':'import','inputBlobContainerUri':'https://localhost/registry/in',"
                + "'outputBlobContainerUri':'https://localhost/registry/out'}"));

        assertThat(done.path("status").asText()).isEqualTo("completed");
        assertThat(hub.engine.registry().list(10)).hasSize(3);
        assertThat(blob("out/importErrors.log").text().lines()).hasSize(2);
        assertThat(blob("out/importErrors.log").text()).contains("DeserializationError", "DeviceAlreadyExists");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | ArgumentInvalid",
                "{'type':'backup'} | ArgumentInvalid",
                "{'type':'import'} | BlobContainerValidationError",
                "{'type':'import','inputBlobContainerUri':'https://elsewhere.net/registry'} | BlobContainerValidationError",
                "{'type':'import','inputBlobContainerUri':'https://localhost/other'} | BlobContainerValidationError",
                "{'type':'import','inputBlobContainerUri':'::'} | BlobContainerValidationError",
                "{'type':'import','inputBlobContainerUri':'https://localhost/registry'} | BlobContainerValidationError"
            })
    void what_cannot_be_is_refused_at_once(String body, String error) throws IOException {
        Answer answer = create(body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.errorCode()).isEqualTo(error);
    }

    @Test
    void an_export_elsewhere_fails_and_says_why() throws IOException {
        JsonNode done = finished(
                create("{'type':'export','outputBlobContainerUri':'https://acct.blob.core.windows.net/c?sv=x'}"));

        assertThat(done.path("status").asText()).isEqualTo("failed");
        assertThat(done.path("failureReason").asText()).contains("no container of this hub");
    }

    @Test
    void one_runs_at_a_time_and_all_are_listed() throws IOException {
        String body = "{'type':'export','outputBlobContainerUri':'" + CONTAINER + "'}";
        Answer first = create(body);
        assertThat(create(body).errorCode()).isEqualTo("JobAlreadyExists");
        finished(first);
        finished(create(body));

        JsonNode all = hub.send(hub.owner("/jobs" + HubOverHttps.VERSION)).json();
        assertThat(all.findValuesAsText("status")).containsExactly("completed", "completed");
        assertThat(hub.send(hub.owner("/jobs/none" + HubOverHttps.VERSION)).errorCode())
                .isEqualTo("JobNotFound");
    }

    private Answer regenerate(String version, String body) throws IOException {
        return hub.send(
                hub.owner("/devices/keys/regenerate?api-version=" + version).post(HubOverHttps.body(body)));
    }

    private String key(String id, String which) {
        return hub.engine
                .registry()
                .get(Identity.device(id))
                .at("/authentication/symmetricKey/" + which)
                .asText();
    }

    @ParameterizedTest
    @CsvSource({"primaryKey, true, false", "secondaryKey, false, true", "both, true, true"})
    void keys_are_made_anew(String policyKey, boolean primary, boolean secondary) throws IOException {
        hub.device("d");
        String primaryBefore = key("d", "primaryKey");
        String secondaryBefore = key("d", "secondaryKey");
        Answer answer = regenerate("2024-03-31", "{'policyKey':'" + policyKey + "','devices':[{'id':'d'}]}");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().at("/rotatedKeys/0/primaryKey").asText()).isEqualTo(key("d", "primaryKey"));
        assertThat(!key("d", "primaryKey").equals(primaryBefore)).isEqualTo(primary);
        assertThat(!key("d", "secondaryKey").equals(secondaryBefore)).isEqualTo(secondary);
    }

    @Test
    void keys_of_some_are_made_anew_when_others_have_none() throws IOException {
        hub.device("d");
        hub.create(Identity.device("x"), "{'authentication':{'type':'certificateAuthority'}}");
        Answer some = regenerate(
                "2024-03-31", "{'policyKey':'both','devices':[{'id':'d'},{'id':'x'},{'id':'nobody'},{'id':'/'}]}");

        assertThat(some.status()).isEqualTo(207);
        assertThat(some.json().path("rotatedKeys")).hasSize(1);
        assertThat(some.json().path("errors").findValuesAsText("errorCode"))
                .containsExactly("InvalidOperation", "DeviceNotFound", "ArgumentInvalid");
        assertThat(regenerate("2024-03-31", "{'policyKey':'both','devices':[{'id':'nobody'}]}")
                        .status())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "2021-04-12 | {} | InvalidProtocolVersion",
                "2024-03-31 | {} | InvalidPolicyKey",
                "2024-03-31 | {'policyKey':'both'} | BulkRegenerateDeviceKeyOperationFailure",
                "2024-03-31 | {'policyKey':'both','devices':[]} | BulkRegenerateDeviceKeyOperationFailure"
            })
    void a_bad_request_for_keys_is_refused(String version, String body, String error) throws IOException {
        Answer answer = regenerate(version, body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.errorCode()).isEqualTo(error);
    }
}
