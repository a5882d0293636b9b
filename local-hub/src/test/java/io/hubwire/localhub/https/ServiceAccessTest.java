package io.hubwire.localhub.https;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.auth.SasToken;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.localhub.https.HubOverHttps.Answer;
import io.hubwire.protocol.Identity;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import okhttp3.Request;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is let in at the service API, and who is not. */
@Timeout(60)
class ServiceAccessTest {
    private static final String GET_DEVICE = "/devices/d1" + HubOverHttps.VERSION;

    private static HubOverHttps hub;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        hub = new HubOverHttps(HubOverHttps.tls(folder));
        hub.device("d1");
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    private static Answer get(String token) throws IOException {
        return hub.send(hub.request(GET_DEVICE).header("Authorization", token));
    }

    /** y: allowed, n: 401. In the order of the policies: owner, service, device, registryRead, registryReadWrite. */
    @ParameterizedTest
    @CsvSource({
        "GET, /devices/d1, '', ynnyy",
        "GET, /devices, '', ynnyy",
        "GET, /devices/d1/modules, '', ynnyy",
        "GET, /statistics/devices, '', ynnyy",
        "GET, /statistics/service, '', ynnyy",
        "PUT, /devices/d1, '{}', ynnny",
        "POST, /devices, '[]', ynnny",
        "DELETE, /devices/nobody, '', ynnny",
        "POST, /devices/query, '{}', ynnyy",
        "PUT, /jobs/v2/j1, '{}', ynnny",
        "GET, /jobs/v2/j1, '', ynnyy",
        "GET, /jobs/v2/query, '', ynnyy",
        "POST, /jobs/v2/j1/cancel, '', ynnny",
        "GET, /configurations, '', ynnyy",
        "GET, /configurations/c, '', ynnyy",
        "PUT, /configurations/c, '{}', ynnny",
        "DELETE, /configurations/c, '', ynnny",
        "POST, /configurations/testQueries, '{}', ynnyy",
        "POST, /devices/d1/applyConfigurationContent, '{}', ynnny",
        "GET, /digitaltwins/d1, '', yynnn",
        "PATCH, /digitaltwins/d1, '[]', yynnn",
        "POST, /digitaltwins/d1/commands/c, '{}', yynnn",
        "POST, /digitaltwins/d1/components/a/commands/c, '{}', yynnn",
        "POST, /devices/keys/regenerate, '{}', ynnny",
        "POST, /jobs/create, '{}', ynnny",
        "GET, /jobs, '', ynnyy",
        "GET, /jobs/j1, '', ynnyy",
        "DELETE, /jobs/j1, '', ynnny",
        "GET, /twins/d1, '', yynnn",
        "PATCH, /twins/d1, '{}', yynnn",
        "POST, /twins/d1/methods, '{}', yynnn",
        "POST, /devices/d1/messages/deviceBound, 'x', yynnn",
        "DELETE, /devices/d1/commands, '', yynnn",
        "GET, /messages/serviceBound/feedback, '', yynnn"
    })
    void each_operation_needs_its_right(String method, String path, String body, String allowed) throws IOException {
        String[] policies = {"iothubowner", "service", "device", "registryRead", "registryReadWrite"};
        StringBuilder outcome = new StringBuilder();
        for (String policy : policies) {
            Answer answer = hub.send(hub.request(path + HubOverHttps.VERSION)
                    .header("Authorization", hub.policyToken(policy, HubOverHttps.HOST))
                    .method(method, method.equals("GET") ? null : HubOverHttps.body(body)));
            boolean refused = answer.status() == 401;
            if (refused) {
                assertThat(answer.errorCode()).isEqualTo("IotHubUnauthorizedAccess");
                assertThat(answer.text()).contains("'" + policy + "' does not allow access");
            }
            outcome.append(refused ? 'n' : 'y');
        }
        assertThat(outcome).hasToString(allowed);
    }

    @Test
    void without_a_token_nobody_comes_in() throws IOException {
        Answer answer = hub.send(hub.request(GET_DEVICE));

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.errorCode()).isEqualTo("IotHubUnauthorizedAccess");
        assertThat(answer.json().path("Message").asText()).contains("Authorization header missing");
    }

    @Test
    void a_token_of_microsoft_entra_is_refused_with_what_to_do_instead() throws IOException {
        Answer answer = get("Bearer eyJ0eXAiOiJKV1Qi");

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.json().path("Message").asText())
                .contains("Microsoft Entra")
                .contains("shared access policy");
        assertThat(answer.text()).doesNotContain("eyJ0");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SharedAccessSignature",
                "SharedAccessSignature sr=a",
                "sr=localhost&sig=x&se=1",
                "Basic dXNlcjpwYXNz",
                "SharedAccessSignature sr=localhost&sig=%zz&se=never&skn=iothubowner"
            })
    void a_token_that_cannot_be_read_is_refused(String token) throws IOException {
        Answer answer = get(token);

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.errorCode()).isEqualTo("IotHubUnauthorizedAccess");
    }

    @Test
    void a_token_ends_five_minutes_after_its_expiry() throws IOException {
        assertThat(get(hub.policyToken(
                                "iothubowner",
                                HubOverHttps.HOST,
                                hub.time.instant().minusSeconds(299)))
                        .status())
                .isEqualTo(200);
        Answer late = get(hub.policyToken(
                "iothubowner", HubOverHttps.HOST, hub.time.instant().minus(Duration.ofMinutes(6))));
        assertThat(late.status()).isEqualTo(401);
        assertThat(late.errorCode()).isEqualTo("IotHubUnauthorized");
    }

    @Test
    void a_token_signed_with_another_key_is_refused_and_the_key_not_shown() throws IOException {
        SymmetricKey wrong = SymmetricKey.ofBytes(new byte[32]);
        String token = SasToken.sign(
                        HubOverHttps.HOST, wrong, hub.time.instant().plus(Duration.ofHours(1)), "iothubowner")
                .text();
        Answer answer = get(token);

        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.text()).doesNotContain(token).doesNotContain(wrong.base64());
    }

    @Test
    void a_device_does_not_get_in_at_the_service_api() throws IOException {
        assertThat(get(hub.deviceToken(Identity.device("d1"))).status()).isEqualTo(401);
    }

    @ParameterizedTest
    @CsvSource({
        "localhost, 200",
        "127.0.0.1, 200",
        "LOCALHOST, 200",
        "hub.example-devices.net/devices, 200",
        "hub.example-devices.net/devices/d1, 200",
        "hub.example-devices.net/devices/d2, 401",
        "hub.example-devices.net/twins, 401",
        "other.example-devices.net, 401"
    })
    void a_token_is_good_for_the_hub_by_any_name_and_for_what_lies_below_its_audience(String audience, int status)
            throws IOException {
        assertThat(get(hub.policyToken("iothubowner", audience)).status()).isEqualTo(status);
    }

    @Test
    void health_needs_nothing() throws IOException {
        Request.Builder request = hub.request("/health");
        Answer answer = hub.send(request);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("status").asText()).isEqualTo("ok");
        assertThat(answer.json().path("host").asText()).isEqualTo(HubOverHttps.HOST);
        assertThat(answer.json().path("connectedDevices").isInt()).isTrue();
    }

    @Test
    void whoever_opens_the_hub_s_address_in_a_browser_is_told_what_it_is_and_no_key() throws IOException {
        Answer page = hub.send(hub.request("/"));

        assertThat(page.status()).isEqualTo(200);
        assertThat(page.headers().get("Content-Type")).isEqualTo("text/html; charset=utf-8");
        assertThat(page.text()).contains("Hubwire local hub", "hubwire monitor").doesNotContain("SharedAccessKey");
    }
}
