package io.hubwire.localhub.engine.configurations;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.HubException;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.json.Json;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** How to fuzz for longer than the seeds: CONTRIBUTING.md. */
class ConfigurationFuzzTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @MethodSource("bodies")
    @FuzzTest(maxDuration = "1m")
    void any_body_is_a_configuration_or_refused(byte[] utf8) {
        try {
            ObjectNode body = Json.parseObject("configuration", utf8);
            Configuration made = ConfigurationBody.create("c1", body, NOW);
            assertThat(made.id()).isEqualTo("c1");
            assertThat(ConfigurationBody.update(made, body, NOW.plusSeconds(1)).revision())
                    .isEqualTo(made.revision() + 1);
        } catch (HubException refused) {
            assertThat(refused.error().httpStatus()).isEqualTo(400);
        } catch (RemoteProtocolException notJson) {
            assertThat(notJson).hasMessageStartingWith("configuration");
        }
    }

    static Stream<byte[]> bodies() {
        return Stream.of(
                        "{'id':'c1','content':{'deviceContent':{'properties.desired.fan':{'speed':3}}},'targetCondition':'tags.floor = 2',"
                                + "'priority':10,'labels':{'a':'b'},'metrics':{'queries':{'q':'SELECT deviceId FROM devices'}}}",
                        "{'content':{'modulesContent':{'$edgeAgent':{'properties.desired':{'schemaVersion':'1.0'}}}},'targetCondition':'*'}",
                        "{'content':{'moduleContent':{'properties.desired.x':1}},'targetCondition':'FROM devices.modules WHERE moduleId = 1'}",
                        "{'content':{'deviceContent':null,'modulesContent':[]},'priority':-1,'labels':7}",
                        "{}")
                .map(text -> text.replace('\'', '"').getBytes(UTF_8));
    }
}
