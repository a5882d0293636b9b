package io.hubwire.localhub.https;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.localhub.https.HubOverHttps.Answer;
import io.hubwire.protocol.Identity;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** New keys for many identities at once. */
@Timeout(60)
class KeyRegenerationTest {
    private HubOverHttps hub;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        hub = new HubOverHttps(HubOverHttps.tls(folder));
    }

    @AfterEach
    void stop() {
        hub.close();
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
