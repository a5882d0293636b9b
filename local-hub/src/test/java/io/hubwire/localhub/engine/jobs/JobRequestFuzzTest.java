package io.hubwire.localhub.engine.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.hubwire.localhub.engine.HubException;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.json.Json;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** How to fuzz for longer than the seeds: CONTRIBUTING.md. */
class JobRequestFuzzTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @MethodSource("bodies")
    @FuzzTest(maxDuration = "1m")
    void any_body_is_a_job_that_is_read_the_same_again_or_refused(byte[] utf8) {
        try {
            JobRequest job = JobRequest.read("job1", Json.parseObject("job", utf8), NOW);
            assertThat(JobRequest.read("job1", job.toJson(), NOW).toJson()).isEqualTo(job.toJson());
        } catch (HubException refused) {
            assertThat(refused.error()).isEqualTo(HubError.ARGUMENT_INVALID);
        } catch (RemoteProtocolException notJson) {
            assertThat(notJson).hasMessageStartingWith("job");
        }
    }

    static Stream<byte[]> bodies() {
        return Stream.of(
                        "{'jobId':'job1','type':'scheduleUpdateTwin','queryCondition':'tags.a = 1','startTime':'2027-01-01T00:00:00Z',"
                                + "'maxExecutionTimeInSeconds':60,'updateTwin':{'etag':'*','tags':{'b':null}}}",
                        "{'type':'scheduleDeviceMethod','queryCondition':'*','cloudToDeviceMethod':{'methodName':'blink',"
                                + "'payload':{'times':3},'responseTimeoutInSeconds':30,'connectTimeoutInSeconds':0}}",
                        "{'type':'scheduleDeviceMethod','queryCondition':'(','startTime':'','cloudToDeviceMethod':7}",
                        "{}")
                .map(text -> text.replace('\'', '"').getBytes(UTF_8));
    }
}
