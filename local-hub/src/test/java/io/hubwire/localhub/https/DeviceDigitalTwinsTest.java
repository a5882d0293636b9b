package io.hubwire.localhub.https;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.ETagMatch;
import io.hubwire.localhub.https.HubOverHttps.Answer;
import io.hubwire.protocol.Identity;
import java.io.IOException;
import java.nio.file.Path;
import okhttp3.RequestBody;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A thermostat with a model, as a digital twin. */
@Timeout(60)
class DeviceDigitalTwinsTest {
    private static final Identity DEVICE = Identity.device("d");
    private static final String TWIN = "/digitaltwins/d" + HubOverHttps.VERSION;

    private HubOverHttps hub;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        hub = new HubOverHttps(HubOverHttps.tls(folder));
        hub.device("d");
        hub.engine.twins().modelId(DEVICE, "dtmi:com:example:Thermostat;1");
        hub.engine
                .twins()
                .patch(DEVICE, HubOverHttps.object("{'properties':{'desired':{'target':21}}}"), new ETagMatch.Any());
        hub.engine
                .twins()
                .report(
                        DEVICE,
                        HubOverHttps.object("{'serial':'x1','target':{'value':20,'ac':200,'av':1,'ad':'soon'},"
                                + "'sensor':{'__t':'c','unit':'C'}}"),
                        null);
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    private Answer patch(String operations) throws IOException {
        return hub.send(hub.owner(TWIN).method("PATCH", HubOverHttps.body(operations)));
    }

    private JsonNode desired() {
        ObjectNode desired =
                (ObjectNode) hub.engine.twins().get(DEVICE).path("properties").path("desired");
        desired.remove("$metadata");
        desired.remove("$version");
        return desired;
    }

    @Test
    void shows_reported_values_and_what_is_known_of_them() throws IOException {
        Answer answer = hub.send(hub.owner(TWIN));

        assertThat(answer.headers().get("ETag")).isEqualTo("\"AAAAAAAAAAI=\"");
        assertThat(answer.json())
                .isEqualTo(HubOverHttps.object("{'$dtId':'d','sensor':{'unit':'C','$metadata':{'unit':"
                        + "{'lastUpdateTime':'2024-01-02T03:04:05.0000000Z'}}},'serial':'x1','target':20,"
                        + "'$metadata':{'$model':'dtmi:com:example:Thermostat;1',"
                        + "'serial':{'lastUpdateTime':'2024-01-02T03:04:05.0000000Z'},"
                        + "'target':{'desiredValue':21,'desiredVersion':2,'ackVersion':1,'ackCode':200,"
                        + "'ackDescription':'soon','lastUpdateTime':'2024-01-02T03:04:05.0000000Z'}}}"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[{'op':'replace','path':'/target','value':22}] | {'target':22}",
                "[{'op':'remove','path':'/target'}] | {}",
                "[{'op':'add','path':'/name','value':'n'}] | {'target':21,'name':'n'}",
                "[{'op':'add','path':'/sensor/rate','value':1}] | {'target':21,'sensor':{'__t':'c','rate':1}}",
                "[{'op':'add','path':'/new/rate','value':1}] | {'target':21,'new':{'__t':'c','rate':1}}",
                "[{'op':'add','path':'/a','value':1},{'op':'replace','path':'/a','value':2}] | {'target':21,'a':2}"
            })
    void a_json_patch_changes_what_is_desired(String operations, String desired) throws IOException {
        Answer answer = patch(operations);

        assertThat(answer.status()).as(answer.text()).isEqualTo(202);
        assertThat(answer.headers().get("Location"))
                .isEqualTo("https://hub.example-devices.net/digitaltwins/d?api-version=2021-04-12");
        assertThat(desired()).isEqualTo(HubOverHttps.object(desired));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[{'op':'move','path':'/a','from':'/b'}] | op [move]",
                "[{'op':'add','path':'a','value':1}] | path [a]",
                "[{'op':'add','path':'/','value':1}] | path [/]",
                "[{'op':'add','path':'/$metadata','value':1}] | is no property",
                "[{'op':'add','path':'/a'}] | needs a value",
                "[{'op':'replace','path':'/nothing','value':1}] | not there",
                "[{'op':'add','path':'/a','value':1},{'op':'remove','path':'/b'}] | operation 2",
                "{} | must be a JSON array"
            })
    void a_patch_that_cannot_be_is_refused(String operations, String words) throws IOException {
        Answer answer = patch(operations);

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.text()).contains(words);
        assertThat(desired()).isEqualTo(HubOverHttps.object("{'target':21}"));
    }

    @Test
    void a_patch_with_an_old_tag_is_refused() throws IOException {
        Answer answer = hub.send(hub.owner(TWIN)
                .header("If-Match", "\"AAAAAAAAAAE=\"")
                .method("PATCH", HubOverHttps.body("[{'op':'add','path':'/a','value':1}]")));

        assertThat(answer.status()).isEqualTo(412);
    }

    @Test
    void a_command_is_a_method_and_of_a_component_one_with_a_star() throws Exception {
        ConnectedDevice device = hub.connect(DEVICE).answering(202, "{\"ok\":1}");
        Answer answer =
                hub.send(hub.owner("/digitaltwins/d/components/sensor/commands/calibrate" + HubOverHttps.VERSION)
                        .post(HubOverHttps.body("{'to':5}")));

        assertThat(device.called.get()).isEqualTo("sensor*calibrate {\"to\":5}");
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.headers().get("x-ms-command-statuscode")).isEqualTo("202");
        assertThat(answer.text()).isEqualTo("{\"ok\":1}");
        Answer root = hub.send(hub.owner("/digitaltwins/d/commands/reboot" + HubOverHttps.VERSION)
                .post(RequestBody.create(null, new byte[0])));
        assertThat(root.status()).isEqualTo(200);
    }

    @Test
    void a_command_to_a_device_that_is_not_there_fails_as_a_method_does() throws IOException {
        Answer offline = hub.send(hub.owner("/digitaltwins/d/commands/reboot" + HubOverHttps.VERSION)
                .post(HubOverHttps.body("{}")));
        assertThat(offline.status()).isEqualTo(404);
        assertThat(offline.errorCode()).isEqualTo("DeviceNotOnline");
        Answer bad = hub.send(
                hub.owner("/digitaltwins/d/commands/reboot" + HubOverHttps.VERSION + "&responseTimeoutInSeconds=x")
                        .post(HubOverHttps.body("{}")));
        assertThat(bad.status()).isEqualTo(400);
        assertThat(hub.send(hub.owner("/digitaltwins/nobody" + HubOverHttps.VERSION))
                        .errorCode())
                .isEqualTo("DeviceNotFound");
    }
}
