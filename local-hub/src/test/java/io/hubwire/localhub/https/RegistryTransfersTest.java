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
import java.time.Instant;
import java.util.List;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Import and export by way of the hub's own container. */
@Timeout(60)
class RegistryTransfersTest {
    private static final Instant END = HubOverHttps.START.plus(Duration.ofHours(1));

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

    /** The container's address with a token that is good for an hour. */
    private String container(String permissions) {
        return hub.management.containers().address("localhost:8443", END, permissions);
    }

    /** A request for a blob with the container's token, as any client of Azure Storage makes it. */
    private Request.Builder blobRequest(String name, String permissions) {
        String address = container(permissions);
        return hub.request("/registry/" + name + address.substring(address.indexOf('?')));
    }

    private Answer blob(String name) throws IOException {
        return hub.send(blobRequest(name, "r"));
    }

    private static Request.Builder putting(Request.Builder request, String text) {
        return request.header("x-ms-blob-type", "BlockBlob").put(RequestBody.create(null, text));
    }

    private void putBlob(String name, String text) throws IOException {
        assertThat(hub.send(putting(blobRequest(name, "w"), text)).status()).isEqualTo(201);
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

        JsonNode export = finished(create("{'type':'export','outputBlobContainerUri':'" + container("w") + "'}"));
        assertThat(export.path("status").asText()).isEqualTo("completed");
        assertThat(export.path("progress").asInt()).isEqualTo(100);
        String lines = blob("devices.txt").text();
        assertThat(lines.lines()).hasSize(231);

        try (HubOverHttps other = hub.another()) {
            RegistryTransfersTest there = new RegistryTransfersTest();
            there.hub = other;
            there.putBlob("devices.txt", lines);
            JsonNode done = there.finished(there.create("{'type':'import','inputBlobContainerUri':'"
                    + there.container("r") + "','outputBlobContainerUri':'" + there.container("w") + "'}"));

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
                        + container("w") + "'}"));

        JsonNode line = Json.parse("line", blob("x.txt").text());
        assertThat(line.at("/authentication/symmetricKey")).hasToString("{\"primaryKey\":null,\"secondaryKey\":null}");
    }

    @Test
    void lines_that_fail_are_noted_and_do_not_stop_the_others() throws IOException {
        hub.device("there");
        putBlob("in.txt", "{\"id\":\"a\"}\nno json\n\n{\"id\":\"there\",\"importMode\":\"create\"}\n{\"id\":\"b\"}\n");
        JsonNode done = finished(create("{'type':'import','inputBlobName':'in.txt','inputBlobContainerUri':'"
                + container("r") + "','outputBlobContainerUri':'" + container("w") + "'}"));

        assertThat(done.path("status").asText()).isEqualTo("completed");
        assertThat(hub.engine.registry().list(10)).hasSize(3);
        assertThat(blob("importErrors.log").text().lines()).hasSize(2);
        assertThat(blob("importErrors.log").text()).contains("DeserializationError", "DeviceAlreadyExists");
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
                "{'type':'import','inputBlobContainerUri':'https://localhost/registry'} | BlobContainerValidationError",
                "{'type':'import','inputBlobContainerUri':'{rw}'} | BlobContainerValidationError",
                "{'type':'import','inputBlobContainerUri':'{r}','outputBlobContainerUri':'{r}'} | BlobContainerValidationError",
                "{'type':'import','inputBlobContainerUri':'{w}','outputBlobContainerUri':'{w}'} | BlobContainerValidationError",
                "{'type':'import','inputBlobContainerUri':'{r}','inputBlobName':'none'} | BlobContainerValidationError",
                "{'type':'export','outputBlobContainerUri':'https://localhost/registry'} | BlobContainerValidationError",
                "{'type':'export','outputBlobContainerUri':'https://localhost/registry?sig=x'} | BlobContainerValidationError",
                "{'type':'export','outputBlobContainerUri':'{r}'} | BlobContainerValidationError",
                "{'type':'export','outputBlobContainerUri':'{rw}','outputBlobName':''} | ArgumentInvalid",
                "{'type':'export','outputBlobContainerUri':'{rw}','outputBlobName':7} | ArgumentInvalid"
            })
    void what_cannot_be_is_refused_at_once(String body, String error) throws IOException {
        putBlob("devices.txt", "");
        Answer answer = create(body.replace("{rw}", container("rw"))
                .replace("{r}", container("r"))
                .replace("{w}", container("w")));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.errorCode()).isEqualTo(error);
    }

    @Test
    void an_export_elsewhere_fails_and_says_why() throws IOException {
        JsonNode done = finished(
                create("{'type':'export','outputBlobContainerUri':'https://acct.blob.core.windows.net/c?sv=x'}"));

        assertThat(done.path("status").asText()).isEqualTo("failed");
        assertThat(done.path("failureReason").asText()).contains("is not the container of this hub");
    }

    @Test
    void one_runs_at_a_time_and_all_are_listed() throws IOException {
        String body = "{'type':'export','outputBlobContainerUri':'" + container("w") + "'}";
        Answer first = create(body);
        assertThat(create(body).errorCode()).isEqualTo("JobAlreadyExists");
        finished(first);
        finished(create(body));

        JsonNode all = hub.send(hub.owner("/jobs" + HubOverHttps.VERSION)).json();
        assertThat(all.findValuesAsText("status")).containsExactly("completed", "completed");
        assertThat(hub.send(hub.owner("/jobs/none" + HubOverHttps.VERSION)).errorCode())
                .isEqualTo("JobNotFound");
    }

    /** What an export writes has device keys in it, though whoever may read the registry may also see the job. */
    @ParameterizedTest
    @ValueSource(strings = {"iothubowner", "service", "device", "registryRead", "registryReadWrite"})
    void no_token_of_the_service_api_opens_what_an_export_wrote(String policy) throws IOException {
        hub.device("d");
        finished(create("{'type':'export','outputBlobContainerUri':'" + container("w") + "'}"));
        String token = hub.policyToken(policy, HubOverHttps.HOST);
        String path = "/registry/devices.txt" + HubOverHttps.VERSION;

        for (Request.Builder request : List.of(
                hub.request(path),
                putting(hub.request(path), "x"),
                hub.request(path).delete())) {
            Answer answer = hub.send(request.header("Authorization", token));
            assertThat(answer.status()).isEqualTo(403);
            assertThat(answer.headers().get("x-ms-error-code")).isEqualTo("AuthenticationFailed");
        }
        assertThat(blob("devices.txt").text()).contains("primaryKey");
    }

    @Test
    void whoever_may_see_a_job_does_not_learn_the_token_it_was_given() throws IOException {
        Answer created = create("{'type':'export','outputBlobContainerUri':'" + container("w") + "'}");
        Answer seen = hub.send(hub.request("/jobs" + HubOverHttps.VERSION)
                .header("Authorization", hub.policyToken("registryRead", HubOverHttps.HOST)));

        for (String shown : List.of(
                created.json().path("outputBlobContainerUri").asText(),
                seen.json().at("/0/outputBlobContainerUri").asText())) {
            assertThat(shown).startsWith("https://localhost:8443/registry?sv=").contains("sig=***&");
        }
    }

    @ParameterizedTest
    @CsvSource({"GET, w", "PUT, r", "DELETE, rw"})
    void the_containers_token_lets_do_what_it_says_and_no_more(String method, String permissions) throws IOException {
        putBlob("a.txt", "x");
        Answer answer = hub.send(blobRequest("a.txt", permissions)
                .header("x-ms-blob-type", "BlockBlob")
                .method(method, method.equals("GET") ? null : RequestBody.create(null, "y")));

        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.headers().get("x-ms-error-code")).isEqualTo("AuthorizationPermissionMismatch");
        assertThat(blob("a.txt").text()).isEqualTo("x");
    }

    @Test
    void the_containers_token_ends() throws IOException {
        putBlob("a.txt", "x");
        String address = container("rw");
        hub.time.advance(Duration.between(hub.time.instant(), END));

        Answer answer = hub.send(hub.request("/registry/a.txt" + address.substring(address.indexOf('?'))));
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.text()).contains("time is over");
        assertThat(create("{'type':'export','outputBlobContainerUri':'" + address + "'}")
                        .errorCode())
                .isEqualTo("BlobContainerValidationError");
    }

    @Test
    void a_token_for_an_uploaded_file_does_not_open_the_container() throws IOException {
        putBlob("a.txt", "x");
        Identity device = hub.device("d");
        JsonNode ticket = hub.send(hub.as(device, "/devices/d/files" + HubOverHttps.VERSION)
                        .post(HubOverHttps.body("{'blobName':'f'}")))
                .json();

        assertThat(hub.send(hub.request(
                                "/registry/a.txt" + ticket.path("sasToken").asText()))
                        .status())
                .isEqualTo(403);
    }

    @Test
    void a_blob_can_be_deleted_and_is_then_gone() throws IOException {
        putBlob("a.txt", "x");

        assertThat(hub.send(blobRequest("a.txt", "d").delete()).status()).isEqualTo(202);
        assertThat(blob("a.txt").headers().get("x-ms-error-code")).isEqualTo("BlobNotFound");
        assertThat(hub.send(blobRequest("a.txt", "d").delete()).status()).isEqualTo(404);
    }

    @Test
    void a_blob_too_large_to_be_imported_at_once_is_refused_and_not_cut() throws IOException {
        hub.engine.files().blobs().put("registry/large.txt", new byte[(64 << 20) + 1], "text/plain", null);

        Answer answer = create("{'type':'import','inputBlobName':'large.txt','inputBlobContainerUri':'" + container("r")
                + "','outputBlobContainerUri':'" + container("w") + "'}");
        assertThat(answer.errorCode()).isEqualTo("BlobContainerValidationError");
        assertThat(answer.text()).contains("67108865 bytes");
    }

    @Test
    void the_hub_is_let_into_its_own_container_by_its_identity() throws IOException {
        hub.device("d");
        JsonNode done =
                finished(create("{'type':'export','storageAuthenticationType':'identityBased','outputBlobContainerUri':"
                        + "'https://localhost/registry'}"));

        assertThat(done.path("status").asText()).isEqualTo("completed");
        assertThat(blob("devices.txt").text()).contains("\"id\":\"d\"");
    }

    private void configuration(String id, int priority) throws IOException {
        Answer made = hub.send(hub.owner("/configurations/" + id + HubOverHttps.VERSION)
                .put(HubOverHttps.body("{'content':{'deviceContent':{'properties.desired.x':1}},'targetCondition':'*',"
                        + "'priority':" + priority + "}")));
        assertThat(made.status()).as(made.text()).isEqualTo(201);
    }

    private JsonNode configuration(String id) throws IOException {
        return hub.send(hub.owner("/configurations/" + id + HubOverHttps.VERSION))
                .json();
    }

    private String transfer(String type, String more) {
        return "{'type':'" + type + "','includeConfigurations':true" + more + ",'inputBlobContainerUri':'"
                + container("r") + "','outputBlobContainerUri':'" + container("w") + "'}";
    }

    @Test
    void configurations_travel_too_when_they_are_asked_for() throws IOException {
        configuration("one", 3);
        configuration("two", 4);
        finished(create("{'type':'export','outputBlobContainerUri':'" + container("w") + "'}"));
        assertThat(blob("configurations.txt").status()).isEqualTo(404);
        finished(create(transfer("export", ",'configurationsBlobName':'c.txt'")));
        String lines = blob("c.txt").text();
        assertThat(lines.lines()).hasSize(2);

        try (HubOverHttps other = hub.another()) {
            RegistryTransfersTest there = new RegistryTransfersTest();
            there.hub = other;
            there.putBlob("devices.txt", "{\"id\":\"d\"}");
            there.putBlob("configurations.txt", lines);
            assertThat(there.finished(there.create(there.transfer("import", "")))
                            .path("status")
                            .asText())
                    .isEqualTo("completed");
            assertThat(there.blob("importErrors.log").status()).isEqualTo(404);
            for (String member : List.of("content", "targetCondition", "priority", "metrics/queries")) {
                assertThat(there.configuration("two").at("/" + member))
                        .isEqualTo(configuration("two").at("/" + member));
            }
        }
    }

    @Test
    void a_configuration_is_replaced_only_by_who_saw_its_last_version_and_the_rest_is_noted() throws IOException {
        configuration("c", 1);
        String etag = configuration("c").path("etag").asText();
        String line =
                "{\"id\":\"c\",\"importMode\":\"%s\",\"etag\":\"%s\",\"targetCondition\":\"*\",\"priority\":%d}%n";
        putBlob("devices.txt", "");
        putBlob(
                "configurations.txt",
                String.format(line, "createOrUpdateIfMatchETag", "stale", 7)
                        + String.format(line, "create", etag, 8)
                        + String.format(line, "createOrUpdateIfMatchETag", etag, 9)
                        + "{\"id\":\"bad\"}\nno json\n");
        finished(create(transfer("import", "")));

        assertThat(configuration("c").path("priority").asInt()).isEqualTo(9);
        assertThat(blob("importErrors.log").text().lines())
                .satisfiesExactly(
                        first -> assertThat(first).contains("PreconditionFailed", "\"configurationId\":\"c\""),
                        second -> assertThat(second).contains("ArgumentInvalid"),
                        third -> assertThat(third).contains("InvalidConfigurationContent", "bad"),
                        fourth -> assertThat(fourth).contains("DeserializationError"));
    }

    @Test
    void an_import_of_configurations_needs_their_blob() throws IOException {
        putBlob("devices.txt", "");

        Answer answer = create(transfer("import", ""));
        assertThat(answer.errorCode()).isEqualTo("BlobContainerValidationError");
        assertThat(answer.text()).contains("configurations blob");
        assertThat(create(transfer("export", ",'configurationsBlobName':''")).errorCode())
                .isEqualTo("ArgumentInvalid");
    }
}
