package io.hubwire.localhub.https;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.https.HubOverHttps.Answer;
import io.hubwire.localhub.tls.HubTls;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.json.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import okhttp3.RequestBody;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Jobs from their creation to their end, on time that a test moves. */
@Timeout(60)
class ScheduledJobsTest {
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

    private Answer put(String jobId, JsonNode body) throws IOException {
        return hub.send(hub.owner("/jobs/v2/" + jobId + HubOverHttps.VERSION)
                .put(RequestBody.create(HubOverHttps.JSON, Json.write(body))));
    }

    private JsonNode get(String jobId) throws IOException {
        return hub.send(hub.owner("/jobs/v2/" + jobId + HubOverHttps.VERSION)).json();
    }

    private Answer cancel(String jobId) throws IOException {
        return hub.send(hub.owner("/jobs/v2/" + jobId + "/cancel" + HubOverHttps.VERSION)
                .post(RequestBody.create(null, new byte[0])));
    }

    private static ObjectNode twinJob(String condition) {
        return HubOverHttps.object("{'type':'scheduleUpdateTwin','updateTwin':{'etag':'*',"
                        + "'tags':{'done':true},'properties':{'desired':{'x':1}}}}")
                .put("queryCondition", condition);
    }

    private static ObjectNode methodJob(String condition) {
        return HubOverHttps.object("{'type':'scheduleDeviceMethod','cloudToDeviceMethod':{'methodName':'reboot',"
                        + "'payload':{'delay':3},'responseTimeoutInSeconds':10,'connectTimeoutInSeconds':0}}")
                .put("queryCondition", condition);
    }

    private String rows(String jobId, String member) {
        return hub
                .management
                .queries()
                .page("SELECT * FROM devices.jobs WHERE devices.jobs.jobId = '" + jobId + "'", 100, null)
                .rows()
                .stream()
                .map(row -> row.path("deviceId").asText() + " " + row.at(member).asText())
                .toList()
                .toString();
    }

    private void pass(Duration time) {
        hub.time.advance(time);
    }

    @Test
    void updates_each_twin_that_meets_the_condition() throws IOException {
        for (int i = 1; i <= 300; i++) {
            hub.create(Identity.device("d" + i), "{}");
        }

        assertThat(put("j", twinJob("deviceId != 'd7'")).json().path("status").asText())
                .isEqualTo("queued");
        pass(Duration.ofSeconds(1));

        JsonNode job = get("j");
        assertThat(job.path("status").asText()).isEqualTo("completed");
        assertThat(job.path("deviceJobStatistics").toString())
                .isEqualTo("{\"deviceCount\":299,\"failedCount\":0,\"succeededCount\":299,\"runningCount\":0,"
                        + "\"pendingCount\":0}");
        assertThat(hub.management
                        .queries()
                        .page("SELECT * FROM devices WHERE tags.done = true AND properties.desired.x = 1", 1000, null)
                        .rows())
                .hasSize(299);
        assertThat(hub.engine.twins().get(Identity.device("d7")).has("tags")).isFalse();
    }

    @Test
    void calls_the_method_on_each_device_online_or_not() throws IOException {
        hub.connect(hub.device("online")).answering(200, "{\"ok\":true}");
        hub.connect(hub.device("silent")).silent();
        hub.device("offline");

        put("j", methodJob("*"));
        pass(Duration.ofSeconds(1));

        assertThat(get("j").path("status").asText()).isEqualTo("running");
        assertThat(rows("j", "/status")).isEqualTo("[offline failed, online completed, silent running]");
        assertThat(rows("j", "/error/code")).isEqualTo("[offline 404103, online , silent ]");
        assertThat(rows("j", "/outcome/deviceMethodResponse/payload/ok")).isEqualTo("[offline , online true, silent ]");

        pass(Duration.ofSeconds(10));
        assertThat(get("j").path("status").asText()).isEqualTo("completed");
        assertThat(rows("j", "/error/code")).isEqualTo("[offline 404103, online , silent 504101]");
        assertThat(get("j").path("deviceJobStatistics").path("failedCount").asInt())
                .isEqualTo(2);
    }

    @Test
    void waits_for_a_device_as_long_as_the_connect_timeout_says() throws IOException {
        Identity late = hub.device("late");
        ObjectNode body = methodJob("*");
        ((ObjectNode) body.path("cloudToDeviceMethod")).put("connectTimeoutInSeconds", 60);
        put("j", body);
        pass(Duration.ofSeconds(30));
        hub.connect(late).answering(200, "1");
        pass(Duration.ofSeconds(1));

        assertThat(get("j").path("status").asText()).isEqualTo("completed");
        assertThat(rows("j", "/status")).isEqualTo("[late completed]");
    }

    @Test
    void keeps_many_devices_busy_but_not_all_at_once() throws IOException {
        for (int i = 0; i < 120; i++) {
            hub.connect(hub.device("d" + i)).silent();
        }
        put("j", methodJob("*"));
        pass(Duration.ofSeconds(1));

        assertThat(get("j").path("deviceJobStatistics").path("runningCount").asInt())
                .isEqualTo(50);
        assertThat(get("j").path("deviceJobStatistics").path("pendingCount").asInt())
                .isEqualTo(70);
        pass(Duration.ofSeconds(30));
        assertThat(get("j").path("deviceJobStatistics").path("failedCount").asInt())
                .isEqualTo(120);
        assertThat(get("j").path("status").asText()).isEqualTo("completed");
    }

    @Test
    void begins_at_its_start_time_and_not_before() throws IOException {
        hub.device("d1");
        put("j", twinJob("*").put("startTime", "2024-01-02T04:04:05Z"));
        pass(Duration.ofMinutes(59));
        assertThat(get("j").path("status").asText()).isEqualTo("scheduled");
        assertThat(get("j").has("deviceJobStatistics")).isFalse();
        pass(Duration.ofMinutes(1));

        assertThat(get("j").path("status").asText()).isEqualTo("completed");
        assertThat(get("j").path("startTime").asText()).isEqualTo("2024-01-02T04:04:05.0000000Z");
    }

    @Test
    void a_job_cancelled_before_its_start_never_begins() throws IOException {
        hub.device("d1");
        put("j", twinJob("*").put("startTime", "2024-01-02T04:04:05Z"));
        assertThat(cancel("j").json().path("status").asText()).isEqualTo("cancelled");
        pass(Duration.ofHours(2));

        assertThat(get("j").path("status").asText()).isEqualTo("cancelled");
        assertThat(hub.engine.twins().get(Identity.device("d1")).has("tags")).isFalse();
    }

    @Test
    void a_job_cancelled_while_it_runs_leaves_the_rest() throws IOException {
        for (int i = 0; i < 60; i++) {
            hub.connect(hub.device("d" + i)).silent();
        }
        put("j", methodJob("*"));
        pass(Duration.ofSeconds(1));
        cancel("j");
        pass(Duration.ofMinutes(1));

        assertThat(get("j").path("status").asText()).isEqualTo("cancelled");
        assertThat(get("j").path("deviceJobStatistics").path("failedCount").asInt())
                .isZero();
        assertThat(rows("j", "/status")).contains("d0 canceled").doesNotContain("running", "pending");
        assertThat(cancel("j").json().path("status").asText()).isEqualTo("cancelled");
    }

    @Test
    void a_job_that_takes_too_long_fails() throws IOException {
        hub.device("never");
        ObjectNode body = methodJob("*").put("maxExecutionTimeInSeconds", 20);
        ((ObjectNode) body.path("cloudToDeviceMethod")).put("connectTimeoutInSeconds", 300);
        put("j", body);
        pass(Duration.ofSeconds(21));

        assertThat(get("j").path("status").asText()).isEqualTo("failed");
        assertThat(get("j").path("failureReason").asText()).contains("20 seconds");
        assertThat(rows("j", "/status")).isEqualTo("[never failed]");
    }

    @Test
    void ten_run_at_once_and_the_eleventh_waits() throws IOException {
        hub.connect(hub.device("d")).silent();
        for (int i = 1; i <= 11; i++) {
            put("j" + i, methodJob("*"));
            pass(Duration.ofMillis(10));
        }
        assertThat(get("j10").path("status").asText()).isEqualTo("running");
        assertThat(get("j11").path("status").asText()).isEqualTo("queued");
        pass(Duration.ofSeconds(10));
        assertThat(get("j11").path("status").asText()).isEqualTo("running");
        pass(Duration.ofSeconds(11));
        assertThat(get("j11").path("status").asText()).isEqualTo("completed");
    }

    @Test
    void works_on_modules_when_the_condition_says_so() throws IOException {
        hub.device("d1");
        hub.create(Identity.module("d1", "m1"), "{}");
        put("j", twinJob("FROM devices.modules WHERE moduleId = 'm1'"));
        pass(Duration.ofSeconds(1));

        assertThat(hub.engine
                        .twins()
                        .get(Identity.module("d1", "m1"))
                        .at("/tags/done")
                        .asBoolean())
                .isTrue();
        assertThat(rows("j", "/moduleId")).isEqualTo("[d1 m1]");
    }

    @Test
    void lists_jobs_by_type_and_status() throws IOException {
        hub.device("d1");
        put("t1", twinJob("*"));
        put("t2", twinJob("*").put("startTime", "2025-01-01T00:00:00Z"));
        put("m1", methodJob("*"));
        pass(Duration.ofSeconds(1));

        assertThat(ids("")).isEqualTo("[m1, t1, t2]");
        assertThat(ids("&jobType=scheduleUpdateTwin")).isEqualTo("[t1, t2]");
        assertThat(ids("&jobStatus=completed")).isEqualTo("[m1, t1]");
        assertThat(ids("&jobType=scheduleupdatetwin&jobStatus=scheduled")).isEqualTo("[t2]");
        assertThat(ids("&jobStatus=failed")).isEqualTo("[]");
    }

    private String ids(String filter) throws IOException {
        Answer answer = hub.send(hub.owner("/jobs/v2/query" + HubOverHttps.VERSION + filter));
        return answer.json().findValuesAsText("jobId").toString();
    }

    @Test
    void jobs_are_forgotten_after_thirty_days() throws IOException {
        hub.device("d1");
        put("old", twinJob("*"));
        pass(Duration.ofDays(31));
        put("new", twinJob("*"));

        assertThat(ids("")).isEqualTo("[new]");
    }

    @Test
    void an_id_is_good_once() throws IOException {
        put("j", twinJob("*"));
        Answer again = put("j", twinJob("*"));

        assertThat(again.status()).isEqualTo(409);
        assertThat(again.errorCode()).isEqualTo("JobAlreadyExists");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | type [] must be",
                "{'type':'export'} | type [export] must be",
                "{'type':'scheduleUpdateTwin'} | needs the object updateTwin",
                "{'type':'scheduleUpdateTwin','updateTwin':{'etag':'abc'}} | only accepts",
                "{'type':'scheduleDeviceMethod'} | methodName",
                "{'type':'scheduleUpdateTwin','updateTwin':{'etag':'*'}} | queryCondition must be",
                "{'type':'scheduleUpdateTwin','updateTwin':{'etag':'*'},'queryCondition':'a =='} | line 1, column 4",
                "{'type':'scheduleUpdateTwin','updateTwin':{'etag':'*'},'queryCondition':'*','jobId':'k'} | not the one",
                "{'type':'scheduleUpdateTwin','updateTwin':{'etag':'*'},'queryCondition':'*','startTime':'now'} | startTime",
                "{'type':'scheduleUpdateTwin','updateTwin':{'etag':'*'},'queryCondition':'*','maxExecutionTimeInSeconds':0} | from 1 on",
                "{'type':'scheduleDeviceMethod','cloudToDeviceMethod':{'methodName':'m','responseTimeoutInSeconds':1}} | from 5 on"
            })
    void a_bad_request_is_refused(String body, String words) throws IOException {
        Answer answer = put("j", HubOverHttps.object(body));

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.errorCode()).isEqualTo("ArgumentInvalid");
        assertThat(answer.text()).contains(words);
    }
}
