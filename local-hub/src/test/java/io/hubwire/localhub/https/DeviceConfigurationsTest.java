package io.hubwire.localhub.https;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.ETagMatch;
import io.hubwire.localhub.https.HubOverHttps.Answer;
import io.hubwire.localhub.tls.HubTls;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Configurations and deployments: what reaches which twin, and when. */
@Timeout(60)
class DeviceConfigurationsTest {
    private static HubTls tls;
    private HubOverHttps hub;

    @BeforeAll
    static void prepare(@TempDir Path folder) throws Exception {
        tls = HubOverHttps.tls(folder);
    }

    @BeforeEach
    void start() throws IOException {
        hub = new HubOverHttps(tls);
    }

    @AfterEach
    void stop() {
        hub.close();
    }

    private Answer send(String method, String path, String body, String... ifMatch) throws IOException {
        Request.Builder request = hub.owner(path + HubOverHttps.VERSION)
                .method(method, method.equals("GET") ? null : RequestBody.create(HubOverHttps.JSON, body));
        if (ifMatch.length > 0) {
            request.header("If-Match", ifMatch[0]);
        }
        return hub.send(request);
    }

    private Answer put(String id, ObjectNode body, String... ifMatch) throws IOException {
        return send("PUT", "/configurations/" + id, Json.write(body), ifMatch);
    }

    private static ObjectNode configuration(String content, String target, int priority) {
        ObjectNode body = Json.object();
        body.set("content", HubOverHttps.object(content));
        return body.put("targetCondition", target).put("priority", priority);
    }

    private static ObjectNode chiller(int temperature, String target, int priority) {
        return configuration(
                "{'deviceContent':{'properties.desired.chiller':{'temp':" + temperature + "}}}", target, priority);
    }

    private void device(String id, String env) {
        hub.device(id);
        tag(id, env);
    }

    private void tag(String id, String env) {
        hub.engine
                .twins()
                .patch(Identity.device(id), HubOverHttps.object("{'tags':{'env':'" + env + "'}}"), new ETagMatch.Any());
    }

    private JsonNode desired(Identity identity) {
        ObjectNode desired =
                (ObjectNode) hub.engine.twins().get(identity).path("properties").path("desired");
        desired.remove("$metadata");
        desired.remove("$version");
        return desired;
    }

    private void sweep() {
        hub.time.advance(Duration.ofSeconds(5));
    }

    @Test
    void reaches_those_it_is_for_and_no_others() throws IOException {
        device("a", "test");
        device("b", "live");
        assertThat(put("c", chiller(20, "tags.env = 'test'", 1)).status()).isEqualTo(201);
        sweep();

        assertThat(desired(Identity.device("a"))).hasToString("{\"chiller\":{\"temp\":20}}");
        assertThat(desired(Identity.device("b"))).hasToString("{}");
        JsonNode configuration = send("GET", "/configurations/c", "").json();
        assertThat(configuration.path("systemMetrics").path("results"))
                .hasToString("{\"targetedCount\":1,\"appliedCount\":1}");
    }

    @Test
    void reaches_a_newcomer_within_five_seconds() throws IOException {
        put("c", chiller(20, "tags.env = 'test'", 1));
        sweep();
        device("late", "test");
        hub.time.advance(Duration.ofMillis(5_000));

        assertThat(desired(Identity.device("late"))).hasToString("{\"chiller\":{\"temp\":20}}");
        tag("late", "live");
        sweep();
        assertThat(desired(Identity.device("late"))).hasToString("{\"chiller\":{\"temp\":20}}");
    }

    @Test
    void of_two_for_one_path_the_higher_priority_wins_and_others_add_to_it() throws IOException {
        device("a", "test");
        put("high", chiller(1, "*", 10));
        put("low", chiller(2, "*", 5));
        put("other", configuration("{'deviceContent':{'properties.desired.fan.speed':3}}", "*", 1));
        sweep();

        assertThat(desired(Identity.device("a")))
                .isEqualTo(HubOverHttps.object("{'chiller':{'temp':1},'fan':{'speed':3}}"));
        assertThat(send("GET", "/configurations/low", "").json().at("/systemMetrics/results"))
                .hasToString("{\"targetedCount\":1,\"appliedCount\":0}");
        send("DELETE", "/configurations/high", "", "*");
        sweep();
        assertThat(desired(Identity.device("a")).at("/chiller/temp").asInt()).isEqualTo(2);
    }

    private JsonNode shown(String id) {
        return hub.engine.twins().get(Identity.device(id)).path("configurations");
    }

    @Test
    void the_twin_says_which_configurations_are_for_it_and_a_query_finds_it_by_them() throws IOException {
        device("a", "test");
        device("b", "live");
        put("high", chiller(1, "tags.env = 'test'", 10));
        ObjectNode low = chiller(2, "tags.env = 'test'", 5);
        low.putObject("metrics")
                .putObject("queries")
                .put("beaten", "SELECT deviceId FROM devices WHERE configurations.[[low]].status = 'Targeted'");
        put("low", low);
        JsonNode before = hub.engine.twins().get(Identity.device("b"));
        sweep();

        assertThat(shown("a"))
                .isEqualTo(HubOverHttps.object("{'low':{'status':'Targeted'},'high':{'status':'Applied'}}"));
        assertThat(hub.engine.twins().get(Identity.device("b"))).isEqualTo(before);
        assertThat(send("GET", "/configurations/low", "").json().at("/metrics/results"))
                .hasToString("{\"beaten\":1}");
        ObjectNode query = Json.object()
                .put("query", "SELECT deviceId FROM devices WHERE configurations.[[high]].status = 'Applied'");
        Answer rows = send("POST", "/devices/query", Json.write(query));
        assertThat(rows.text()).isEqualTo("[{\"deviceId\":\"a\"}]");
    }

    @Test
    void a_configuration_that_is_gone_or_no_longer_meant_leaves_the_twin_and_no_etag_moves() throws IOException {
        device("a", "test");
        device("b", "test");
        put("c", chiller(1, "tags.env = 'test'", 1));
        sweep();
        String etag = hub.engine.twins().get(Identity.device("a")).path("etag").asText();
        assertThat(shown("a")).isEqualTo(HubOverHttps.object("{'c':{'status':'Applied'}}"));
        tag("b", "live");
        sweep();
        assertThat(shown("b").isMissingNode()).isTrue();

        send("DELETE", "/configurations/c", "", "*");
        sweep();
        assertThat(shown("a").isMissingNode()).isTrue();
        assertThat(hub.engine.twins().get(Identity.device("a")).path("etag").asText())
                .isEqualTo(etag);
    }

    @Test
    void writes_once_and_not_at_every_pass() throws IOException {
        device("a", "test");
        put("c", chiller(20, "*", 1));
        hub.time.advance(Duration.ofMinutes(5));

        assertThat(hub.engine
                        .twins()
                        .get(Identity.device("a"))
                        .at("/properties/desired/$version")
                        .asInt())
                .isEqualTo(2);
    }

    @Test
    void many_changes_do_not_make_many_passes() throws IOException {
        for (int i = 0; i < 30; i++) {
            put("c" + i, chiller(i, "*", i));
            hub.time.advance(Duration.ofSeconds(1));
        }
        device("a", "test");
        sweep();

        assertThat(desired(Identity.device("a")).at("/chiller/temp").asInt()).isEqualTo(29);
        assertThat(hub.time.pendingTasks()).isLessThan(10);
    }

    @Test
    void counts_what_metric_queries_find() throws IOException {
        for (int i = 0; i < 250; i++) {
            device("d" + i, i < 120 ? "test" : "live");
        }
        ObjectNode body = chiller(20, "tags.env = 'test'", 1);
        body.putObject("metrics")
                .putObject("queries")
                .put("live", "SELECT deviceId FROM devices WHERE tags.env = 'live'")
                .put("modules", "SELECT moduleId FROM devices.modules");
        put("c", body);
        sweep();

        JsonNode configuration = send("GET", "/configurations/c", "").json();
        assertThat(configuration.at("/metrics/results")).hasToString("{\"live\":130,\"modules\":0}");
        assertThat(configuration.at("/systemMetrics/results/targetedCount").asInt())
                .isEqualTo(120);
    }

    @Test
    void modules_are_configured_by_a_condition_about_modules() throws IOException {
        hub.device("a");
        hub.create(Identity.module("a", "m1"), "{}");
        hub.create(Identity.module("a", "m2"), "{}");
        put(
                "c",
                configuration(
                        "{'moduleContent':{'properties.desired.x':1}}",
                        "FROM devices.modules WHERE moduleId = 'm1'",
                        1));
        sweep();

        assertThat(desired(Identity.module("a", "m1"))).hasToString("{\"x\":1}");
        assertThat(desired(Identity.module("a", "m2"))).hasToString("{}");
    }

    @Test
    void a_deployment_makes_the_modules_of_an_edge_device() throws IOException {
        hub.create(Identity.device("edge"), "{'capabilities':{'iotEdge':true}}");
        put(
                "base",
                configuration(
                        "{'modulesContent':{'$edgeAgent':{'properties.desired':{'modules':{'sim':{'type':'docker'}}}},"
                                + "'sim':{'properties.desired':{'rate':1}}}}",
                        "*",
                        5));
        put("lower", configuration("{'modulesContent':{'sim':{'properties.desired':{'rate':9}}}}", "*", 1));
        put("layer", configuration("{'modulesContent':{'sim':{'properties.desired.unit':'C'}}}", "*", 6));
        sweep();

        assertThat(desired(Identity.module("edge", "sim"))).isEqualTo(HubOverHttps.object("{'rate':1,'unit':'C'}"));
        assertThat(desired(Identity.module("edge", "$edgeAgent"))
                        .at("/modules/sim/type")
                        .asText())
                .isEqualTo("docker");
        hub.engine
                .twins()
                .report(
                        Identity.module("edge", "$edgeAgent"),
                        HubOverHttps.object("{'lastDesiredStatus':{'code':200}}"),
                        null);
        sweep();
        assertThat(send("GET", "/configurations/base", "").json().at("/systemMetrics/results"))
                .hasToString("{\"targetedCount\":1,\"appliedCount\":1,\"reportedSuccessfulCount\":1,"
                        + "\"reportedFailedCount\":0}");
        assertThat(send("GET", "/configurations/lower", "")
                        .json()
                        .at("/systemMetrics/results/appliedCount")
                        .asInt())
                .isZero();
    }

    @Test
    void content_is_applied_to_one_device_at_once() throws IOException {
        hub.device("a");
        assertThat(send(
                                "POST",
                                "/devices/a/applyConfigurationContent",
                                "{\"deviceContent\":{\"properties.desired.x\":{\"y\":1}}}")
                        .status())
                .isEqualTo(204);
        assertThat(desired(Identity.device("a"))).hasToString("{\"x\":{\"y\":1}}");

        Answer noEdge = send("POST", "/devices/a/applyConfigurationContent", "{\"modulesContent\":{}}");
        assertThat(noEdge.errorCode()).isEqualTo("InvalidConfigurationContent");
        assertThat(send("POST", "/devices/nobody/applyConfigurationContent", "{\"deviceContent\":{}}")
                        .errorCode())
                .isEqualTo("DeviceNotFound");
    }

    @Test
    void an_update_needs_the_tag_and_leaves_the_content() throws IOException {
        JsonNode made = put("c", chiller(20, "", 1)).json();
        assertThat(put("c", chiller(20, "", 1)).errorCode()).isEqualTo("ConfigurationAlreadyExists");
        assertThat(put("c", chiller(20, "", 2), "\"x\"").errorCode()).isEqualTo("PreconditionFailed");

        Answer updated = put("c", chiller(20, "*", 2), "\"" + made.path("etag").asText() + "\"");
        assertThat(updated.status()).isEqualTo(200);
        assertThat(updated.json().path("priority").asInt()).isEqualTo(2);
        assertThat(updated.json().path("createdTimeUtc")).isEqualTo(made.path("createdTimeUtc"));
        assertThat(updated.headers().get("ETag"))
                .isEqualTo("\"" + updated.json().path("etag").asText() + "\"");
        Answer changed = put("c", chiller(21, "*", 2), "*");
        assertThat(changed.status()).isEqualTo(400);
        assertThat(changed.errorCode()).isEqualTo("CannotModifyImmutableConfigurationContent");
        assertThat(put("none", chiller(1, "", 1), "*").errorCode()).isEqualTo("ConfigurationNotFound");
        assertThat(send("DELETE", "/configurations/c", "", "\"x\"").errorCode()).isEqualTo("PreconditionFailed");
        assertThat(send("DELETE", "/configurations/c", "").status()).isEqualTo(204);
        assertThat(send("GET", "/configurations/c", "").errorCode()).isEqualTo("ConfigurationNotFound");
    }

    @Test
    void a_hub_has_a_hundred_configurations_at_most() throws IOException {
        for (int i = 0; i < 100; i++) {
            hub.management.configurations().create("c" + i, chiller(1, "", 1));
        }
        assertThat(put("more", chiller(1, "", 1)).errorCode()).isEqualTo("ConfigurationCountLimitExceeded");
        assertThat(send("GET", "/configurations", "").json()).hasSize(100);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'targetCondition':'a ==','content':{'deviceContent':{}}} | InvalidConfigurationTargetCondition",
                "{'targetCondition':'FROM devices.modules','content':{'deviceContent':{}}} | InvalidConfigurationTargetCondition",
                "{'targetCondition':'*','content':{'moduleContent':{}}} | InvalidConfigurationTargetCondition",
                "{'content':{}} | InvalidConfigurationContent",
                "{} | InvalidConfigurationContent",
                "{'content':{'deviceContent':{},'modulesContent':{}}} | InvalidConfigurationContent",
                "{'content':{'deviceContent':{'tags.x':1}}} | InvalidConfigurationContent",
                "{'content':{'deviceContent':{'properties.desired.':1}}} | InvalidConfigurationContent",
                "{'content':{'deviceContent':{'properties.desired.a':{'b$':1}}}} | InvalidConfigurationContent",
                "{'content':{'modulesContent':{'m':1}}} | InvalidConfigurationContent",
                "{'content':{'deviceContent':{}},'metrics':{'queries':{'m':'SELECT'}}} | InvalidConfigurationCustomMetricsQuery",
                "{'content':{'deviceContent':{}},'metrics':{'queries':{'m':1}}} | ArgumentInvalid",
                "{'content':{'deviceContent':{}},'labels':[]} | ArgumentInvalid",
                "{'content':{'deviceContent':{}},'priority':'high'} | ArgumentInvalid",
                "{'content':{'deviceContent':{}},'id':'other'} | ArgumentInvalid"
            })
    void a_bad_one_is_refused_by_its_own_error(String body, String error) throws IOException {
        Answer answer = put("c", HubOverHttps.object(body));

        assertThat(answer.status()).as(answer.text()).isEqualTo(400);
        assertThat(answer.errorCode()).isEqualTo(error);
    }

    @Test
    void queries_are_tested_without_creating_anything() throws IOException {
        JsonNode answer = send(
                        "POST",
                        "/configurations/testQueries",
                        "{\"targetCondition\":\"tags.x ==\",\"customMetricQueries\":{\"good\":\"SELECT * FROM devices\","
                                + "\"bad\":\"SELECT\"}}")
                .json();

        assertThat(answer.path("targetConditionError").asText()).contains("line 1, column 9");
        assertThat(answer.path("customMetricQueryErrors").properties()).hasSize(1);
        assertThat(answer.at("/customMetricQueryErrors/bad").asText()).contains("line 1, column 7");
    }
}
