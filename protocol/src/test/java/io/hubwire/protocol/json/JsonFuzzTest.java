package io.hubwire.protocol.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.RemoteProtocolException;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** How to fuzz for longer than the seeds: CONTRIBUTING.md. */
class JsonFuzzTest {
    @MethodSource("errors")
    @FuzzTest(maxDuration = "1m")
    void any_error_body_is_read_and_a_flat_one_comes_back(byte[] utf8) {
        String body = new String(utf8, UTF_8);
        assertThat(ServiceErrorBody.parse(body, null).message()).isNotNull();
        ErrorDocument.parse(body).ifPresent(error -> assertThat(ErrorDocument.parse(error.format()))
                .contains(error));
    }

    @MethodSource("twins")
    @FuzzTest(maxDuration = "1m")
    void any_twin_document_is_judged_and_merges_once_and_for_all(byte[] utf8) {
        ObjectNode patch;
        try {
            patch = Json.parseObject("twin patch", utf8);
        } catch (RemoteProtocolException complaint) {
            assertThat(complaint).hasMessageStartingWith("twin patch").hasMessageNotContaining("\n");
            return;
        }
        String text = Json.write(patch); // not the trees: 1e0 comes back as 1
        assertThat(Json.write(Json.parseObject("twin patch", text))).isEqualTo(text);
        ObjectNode merged = MergePatch.apply(Json.object(), patch);
        assertThat((JsonNode) MergePatch.apply(merged, patch)).isEqualTo(merged);
        for (TwinRules.Section section : TwinRules.Section.values()) {
            if (TwinRules.checkPatch(section, patch).isEmpty()) {
                // a good patch of nothing can only be too large
                assertThat(TwinRules.checkDocument(section, merged).isEmpty())
                        .isEqualTo(TwinRules.size(merged) <= section.maxSize());
            }
        }
    }

    static Stream<byte[]> errors() {
        return Stream.of(
                        "",
                        "<html>",
                        "{\"Message\":\"ErrorCode:DeviceNotFound;dev1\",\"ExceptionMessage\":\"Tracking ID:0-G:0-TimeStamp:1\"}",
                        "{\"Message\":\"{\\\"errorCode\\\":404103,\\\"trackingId\\\":\\\"1\\\",\\\"message\\\":\\\"m\\\"}\",\"ExceptionMessage\":\"\"}",
                        "{\"Message\":\"ErrorCode:400001;{\\\"Message\\\":\\\"ErrorCode:JobNotFound;x\\\"}\"}",
                        "{\"errorCode\":401002,\"trackingId\":\"t\",\"message\":\"m\",\"info\":{\"a\":[1,null]},\"timestampUtc\":\"2020\"}")
                .map(text -> text.getBytes(UTF_8));
    }

    static Stream<byte[]> twins() {
        return Stream.of(
                        "{}",
                        "[]",
                        "{\"a\":{\"b\":null,\"c\":[1,2.50,true,\"x\"]},\"$version\":1}",
                        "{\"a\":1e400,\"b\":4503599627370496,\"c d\":\"\\u0001\"}",
                        "{\"a\":1,\"a\":2}",
                        "{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":{\"a\":1}}}}}}}}}}}",
                        "{\"\\ud800\":\"\\udfff\"}")
                .map(text -> text.getBytes(UTF_8));
    }
}
