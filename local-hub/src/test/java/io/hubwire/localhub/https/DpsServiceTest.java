package io.hubwire.localhub.https;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.hubwire.auth.GroupKey;
import io.hubwire.auth.SasToken;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.localhub.https.HubOverHttps.Answer;
import io.hubwire.localhub.tls.HubTls;
import io.hubwire.protocol.openapi.OpenApi;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import okhttp3.Request;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The service API of DPS: enrollments, groups, registrations; each answer held against the official description. */
@Timeout(60)
class DpsServiceTest {
    private static final String VERSION = "?api-version=2021-10-01";
    private static final String SYMMETRIC = "'attestation':{'type':'symmetricKey'}";

    private static HubTls tls;
    private static OpenApi openApi;
    private HubOverHttps hub;

    @BeforeAll
    static void prepare(@TempDir Path folder) throws Exception {
        tls = HubOverHttps.tls(folder);
        openApi = OpenApi.load("dps-service.2021-10-01.json");
    }

    @BeforeEach
    void start() throws Exception {
        hub = new HubOverHttps(tls);
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    private Answer send(String method, String path, String json, String... headers) throws IOException {
        Request.Builder request = hub.request(path + VERSION)
                .header("Authorization", hub.dpsToken())
                .method(method, method.equals("GET") ? null : HubOverHttps.body(json));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        Answer answer = hub.send(request);
        if (answer.status() == 200) {
            assertThat(openApi.describes(method, path, 200))
                    .as(method + " " + path)
                    .isTrue();
            assertThat(openApi.complaintsAboutAnswer(method, path, 200, answer.json()))
                    .isEmpty();
        }
        return answer;
    }

    @ParameterizedTest
    @CsvSource({"/enrollments, registrationId, 404201", "/enrollmentGroups, enrollmentGroupId, 404204"})
    void an_enrollment_is_created_read_changed_and_deleted(String collection, String id, int notFound)
            throws IOException {
        String one = collection + "/e1";
        Answer created = send("PUT", one, "{'" + id + "':'e1'," + SYMMETRIC + "}");
        assertThat(created.status()).isEqualTo(200);
        assertThat(created.json().path(id).asText()).isEqualTo("e1");
        String etag = created.json().path("etag").asText();

        assertThat(send("PUT", one, "{'" + id + "':'e1'," + SYMMETRIC + "}").status())
                .isIn(409, 412);
        assertThat(send("GET", one, "").json().path("provisioningStatus").asText())
                .isEqualTo("enabled");
        JsonNode keys = send("POST", one + "/attestationmechanism", "").json();
        assertThat(keys.at("/symmetricKey/primaryKey").asText()).hasSize(88);

        assertThat(send(
                                "PUT",
                                one,
                                "{'" + id + "':'e1','provisioningStatus':'disabled'," + SYMMETRIC + "}",
                                "If-Match",
                                "\"stale\"")
                        .status())
                .isEqualTo(412);
        Answer updated = send(
                "PUT", one, "{'" + id + "':'e1','provisioningStatus':'disabled'," + SYMMETRIC + "}", "If-Match", etag);
        assertThat(updated.status()).isEqualTo(200);
        assertThat(updated.json().path("provisioningStatus").asText()).isEqualTo("disabled");
        assertThat(updated.json().path("etag").asText()).isNotEqualTo(etag);

        assertThat(send("DELETE", one, "", "If-Match", "*").status()).isEqualTo(204);
        Answer gone = send("GET", one, "");
        assertThat(gone.status()).isEqualTo(404);
        assertThat(gone.json().path("errorCode").asInt()).isEqualTo(notFound);
    }

    @Test
    void a_query_comes_in_pages() throws IOException {
        for (int i = 0; i < 5; i++) {
            send("PUT", "/enrollments/e" + i, "{'registrationId':'e" + i + "'," + SYMMETRIC + "}");
        }
        List<String> ids = new ArrayList<>();
        Answer page =
                send("POST", "/enrollments/query", "{'query':'SELECT * FROM enrollments'}", "x-ms-max-item-count", "2");
        while (true) {
            assertThat(page.status()).isEqualTo(200);
            assertThat(page.headers().get("x-ms-item-type")).isEqualTo("enrollment");
            page.json().forEach(e -> ids.add(e.path("registrationId").asText()));
            String next = page.headers().get("x-ms-continuation");
            if (next == null) {
                break;
            }
            page = send(
                    "POST",
                    "/enrollments/query",
                    "{'query':'*'}",
                    "x-ms-max-item-count",
                    "2",
                    "x-ms-continuation",
                    next);
        }
        assertThat(ids).containsExactly("e0", "e1", "e2", "e3", "e4");
    }

    @Test
    void a_bulk_call_reports_each_failure_in_a_200() throws IOException {
        send("PUT", "/enrollments/e1", "{'registrationId':'e1'," + SYMMETRIC + "}");

        Answer bulk = send(
                "POST",
                "/enrollments",
                "{'mode':'create','enrollments':[{'registrationId':'e1'," + SYMMETRIC + "},{'registrationId':'e2',"
                        + SYMMETRIC + "}]}");

        assertThat(bulk.status()).isEqualTo(200);
        assertThat(bulk.json().path("isSuccessful").asBoolean()).isFalse();
        assertThat(bulk.json().path("errors"))
                .singleElement()
                .satisfies(e -> assertThat(e.path("registrationId").asText()).isEqualTo("e1"));
        assertThat(send("GET", "/enrollments/e2", "").status()).isEqualTo(200);
    }

    @Test
    void registrations_of_a_group_can_be_listed_read_and_deleted() throws IOException {
        send("PUT", "/enrollmentGroups/g1", "{'enrollmentGroupId':'g1'," + SYMMETRIC + "}");
        SymmetricKey group = SymmetricKey.ofBase64(send("POST", "/enrollmentGroups/g1/attestationmechanism", "")
                .json()
                .at("/symmetricKey/primaryKey")
                .asText());
        String token = SasToken.sign(
                        HubOverHttps.ID_SCOPE + "/registrations/dev-1",
                        GroupKey.deriveDeviceKey(group, "dev-1"),
                        hub.time.instant().plus(Duration.ofHours(1)),
                        "registration")
                .text();
        Answer registered = hub.send(
                hub.request("/" + HubOverHttps.ID_SCOPE + "/registrations/dev-1/register?api-version=2021-06-01")
                        .header("Authorization", token)
                        .put(HubOverHttps.body("{'registrationId':'dev-1'}")));
        assertThat(registered.status()).isEqualTo(202);
        hub.time.advance(Duration.ofSeconds(1));

        Answer listed = send("POST", "/registrations/g1/query", "");
        assertThat(listed.headers().get("x-ms-item-type")).isEqualTo("deviceRegistration");
        assertThat(listed.json())
                .singleElement()
                .satisfies(r -> assertThat(r.path("registrationId").asText()).isEqualTo("dev-1"));
        assertThat(send("GET", "/registrations/dev-1", "")
                        .json()
                        .path("assignedHub")
                        .asText())
                .isEqualTo(HubOverHttps.HOST);
        assertThat(send("DELETE", "/registrations/dev-1", "").status()).isEqualTo(204);
        assertThat(send("GET", "/registrations/dev-1", "").status()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'query':'SELECT id FROM enrollments WHERE a=1'}", "{'query':''}", "{}", "[]"})
    void a_query_that_is_not_understood_is_a_400(String body) throws IOException {
        Answer answer = send("POST", "/enrollments/query", body);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("errorCode").asInt()).isEqualTo(400004);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "Bearer x", "SharedAccessSignature sr=localhost&sig=x&se=1&skn=provisioningserviceowner"})
    void nobody_comes_in_without_the_right_token(String token) throws IOException {
        Request.Builder request = hub.request("/enrollments/e1" + VERSION);
        Answer answer = hub.send(token.isEmpty() ? request : request.header("Authorization", token));

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.json().path("errorCode").asInt()).isEqualTo(401002);
        assertThat(answer.headers().get("iothub-errorcode")).isNull();
    }

    @Test
    void a_hub_policy_is_no_policy_of_dps() throws IOException {
        Answer answer = hub.send(hub.owner("/enrollments/e1" + VERSION));

        assertThat(answer.status()).isEqualTo(401);
    }
}
