package io.hubwire.localhub.engine.digitaltwins;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.HubException;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.json.Json;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** How to fuzz for longer than the seeds: CONTRIBUTING.md. */
class DesiredPatchFuzzTest {
    private static final ObjectNode TWIN = Json.parseObject(
            "twin",
            "{\"properties\":{\"desired\":{\"c1\":{\"__t\":\"c\",\"p\":1},\"o\":{\"d\":{\"e\":2}}},\"reported\":{\"r\":true}}}");

    @MethodSource("patches")
    @FuzzTest(maxDuration = "1m")
    void any_json_patch_is_a_merge_patch_or_refused(byte[] utf8) {
        try {
            if (Json.parse("patch", utf8) instanceof ArrayNode operations) {
                ObjectNode patch = DesiredPatch.of(operations, TWIN);
                assertThat(patch.isEmpty()).isEqualTo(operations.isEmpty());
                assertThat(TWIN.at("/properties/desired/o/d/e").intValue())
                        .as("stays as it is")
                        .isEqualTo(2);
            }
        } catch (HubException refused) {
            assertThat(refused.error()).isEqualTo(HubError.ARGUMENT_INVALID);
        } catch (RemoteProtocolException notJson) {
            assertThat(notJson).hasMessageStartingWith("patch");
        }
    }

    static Stream<byte[]> patches() {
        return Stream.of(
                        "[{'op':'add','path':'/c2/p','value':{'a':1}},{'op':'replace','path':'/o/d/e','value':3},{'op':'remove','path':'/r'}]",
                        "[{'op':'add','path':'/o','value':7},{'op':'add','path':'/o/x','value':[]},{'op':'replace','path':'/o','value':1}]",
                        "[{'op':'add','path':'/~1a~0b/c','value':1},{'op':'add','path':'/$x','value':1}]",
                        "[{'op':'move','from':'/a','path':'/b'},null,[]]",
                        "[]")
                .map(text -> text.replace('\'', '"').getBytes(UTF_8));
    }
}
