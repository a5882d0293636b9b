package io.hubwire.localhub.https;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.hubwire.localhub.engine.HubException;
import io.hubwire.protocol.HubError;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Parts of a request before its body is JSON. How to fuzz for longer than the seeds: CONTRIBUTING.md. */
class RequestFuzzTest {
    @MethodSource("targets")
    @FuzzTest(maxDuration = "1m")
    void any_path_and_query_are_a_target_or_refused(byte[] utf8) {
        String text = new String(utf8, UTF_8);
        int question = text.indexOf('?');
        String path = question < 0 ? text : text.substring(0, question);
        String query = question < 0 ? null : text.substring(question + 1);
        try {
            RequestTarget target = RequestTarget.parse(path, query);
            assertThat(target.segments()).doesNotContain("");
            assertThat(target.path()).isEqualTo(path);
            assertThat(target.query()).doesNotContainKey("");
        } catch (HubException refused) {
            assertThat(refused.error()).isEqualTo(HubError.ARGUMENT_INVALID);
        }
    }

    @MethodSource("blockLists")
    @FuzzTest(maxDuration = "1m")
    void any_xml_is_a_list_of_blocks_or_refused(byte[] xml) {
        try {
            assertThat(BlockXml.parse(xml)).doesNotContainNull();
        } catch (BlobApi.Refusal refused) {
            assertThat(refused).hasMessageStartingWith("the block list is not");
        }
    }

    static Stream<byte[]> targets() {
        return texts(
                "/devices/dev%20x/modules/m%2F1?api-version=2021-04-12&top=10&flag&=x&a=%zz+b",
                "/twins%2Fdev1", "/%2f%2F/", "/devices/%", "?&&", "");
    }

    static Stream<byte[]> blockLists() {
        return texts(
                "<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList><Latest>QQ==</Latest><Committed> B </Committed></BlockList>",
                "<BlockList/>",
                "<BlockList><Latest><b/></Latest></BlockList>",
                "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///nowhere\"><!ENTITY f \"&e;&e;\">]><BlockList><Latest>&f;</Latest></BlockList>",
                "<Other/>",
                "<BlockList>&#0;</BlockList>",
                "");
    }

    private static Stream<byte[]> texts(String... texts) {
        return Stream.of(texts).map(text -> text.getBytes(UTF_8));
    }
}
