package io.hubwire.localhub.https;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.localhub.https.HubOverHttps.Answer;
import io.hubwire.localhub.tls.HubTls;
import io.hubwire.protocol.Identity;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever has an ETag is changed only by who knows it, and nothing is made twice. */
@Timeout(60)
class PreconditionsTest {
    private static final String CONFIGURATION =
            "{'content':{'deviceContent':{'properties.desired.x':1}},'targetCondition':'','priority':1}";

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
        hub.create(Identity.module("d1", "m1"), "{}");
        assertThat(send("PUT", "/configurations/c1", CONFIGURATION, null).status())
                .isEqualTo(201);
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    private Answer send(String method, String path, String body, String ifMatch) throws IOException {
        var request = hub.owner(path + HubOverHttps.VERSION)
                .method(method, method.equals("GET") || body.isEmpty() ? null : HubOverHttps.body(body));
        if (ifMatch != null) {
            request.header("If-Match", ifMatch);
        }
        return hub.send(request);
    }

    private String tag(String path) throws IOException {
        Answer found = send("GET", path, "", null);
        return found.headers().get("ETag") == null
                ? "\"" + found.json().path("etag").asText() + "\""
                : found.headers().get("ETag");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "PUT    | /devices/d1            | {'deviceId':'d1','status':'disabled'}",
                "DELETE | /devices/d1            | ``",
                "PUT    | /devices/d1/modules/m1 | {'deviceId':'d1','moduleId':'m1','managedBy':'x'}",
                "DELETE | /devices/d1/modules/m1 | ``",
                "PATCH  | /twins/d1              | {'tags':{'a':1}}",
                "PUT    | /twins/d1              | {'tags':{'a':1}}",
                "PATCH  | /twins/d1/modules/m1   | {'properties':{'desired':{'a':1}}}",
                "PUT    | /twins/d1/modules/m1   | {'properties':{'desired':{'a':1}}}",
                "PATCH  | /digitaltwins/d1       | [{'op':'add','path':'/a','value':1}]",
                "PUT    | /configurations/c1     | {'id':'c1','targetCondition':'*','priority':2}",
                "DELETE | /configurations/c1     | ``"
            })
    void a_tag_that_is_not_the_current_one_changes_nothing(String method, String path, String body) throws IOException {
        String before = send("GET", path, "", null).text();
        for (String stale : List.of("\"AAAAAAAAAAk=\"", "AAAAAAAAAAk=", "\"\"")) {
            Answer answer = send(method, path, body, stale);
            assertThat(answer.status()).as(stale + ": " + answer.text()).isEqualTo(412);
            assertThat(answer.errorCode()).isEqualTo("PreconditionFailed");
        }
        assertThat(send("GET", path, "", null).text()).isEqualTo(before);

        assertThat(send(method, path, body, tag(path)).status()).isBetween(200, 204);
        assertThat(send("GET", path, "", null).text()).isNotEqualTo(before);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "PUT    | /devices/none            | {'deviceId':'none'}                  | DeviceNotFound",
                "DELETE | /devices/none            | ``                                   | DeviceNotFound",
                "PUT    | /devices/d1/modules/none | {'deviceId':'d1','moduleId':'none'}  | ModuleNotFound",
                "DELETE | /devices/d1/modules/none | ``                                   | ModuleNotFound",
                "DELETE | /devices/none/modules/m1 | ``                                   | DeviceNotFound",
                "PATCH  | /twins/none              | {'tags':{}}                          | DeviceNotFound",
                "PUT    | /twins/d1/modules/none   | {'tags':{}}                          | ModuleNotFound",
                "PATCH  | /digitaltwins/none       | [{'op':'add','path':'/a','value':1}] | DeviceNotFound",
                "PUT    | /configurations/none     | {'priority':2}                       | ConfigurationNotFound",
                "DELETE | /configurations/none     | ``                                   | ConfigurationNotFound"
            })
    void any_tag_is_not_none_at_all(String method, String path, String body, String error) throws IOException {
        Answer answer = send(method, path, body, "*");

        assertThat(answer.status()).as(answer.text()).isEqualTo(404);
        assertThat(answer.errorCode()).isEqualTo(error);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "/devices/d1            | {'deviceId':'d1'}                 | DeviceAlreadyExists",
                "/devices/d1/modules/m1 | {'deviceId':'d1','moduleId':'m1'} | ModuleAlreadyExistsOnDevice",
                "/configurations/c1     | " + CONFIGURATION + "             | ConfigurationAlreadyExists"
            })
    void nothing_is_made_twice(String path, String body, String error) throws IOException {
        String before = send("GET", path, "", null).text();
        Answer answer = send("PUT", path, body, null);

        assertThat(answer.status()).as(answer.text()).isEqualTo(409);
        assertThat(answer.errorCode()).isEqualTo(error);
        assertThat(send("GET", path, "", null).text()).isEqualTo(before);
    }
}
