package io.hubwire.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MergePatchTest {
    /** The table of RFC 7396, appendix A. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            {"a":"b"}           | {"a":"c"}                 | {"a":"c"}
            {"a":"b"}           | {"b":"c"}                 | {"a":"b","b":"c"}
            {"a":"b"}           | {"a":null}                | {}
            {"a":"b","b":"c"}   | {"a":null}                | {"b":"c"}
            {"a":["b"]}         | {"a":"c"}                 | {"a":"c"}
            {"a":"c"}           | {"a":["b"]}               | {"a":["b"]}
            {"a":{"b":"c"}}     | {"a":{"b":"d","c":null}}  | {"a":{"b":"d"}}
            {"a":[{"b":"c"}]}   | {"a":[1]}                 | {"a":[1]}
            ["a","b"]           | ["c","d"]                 | ["c","d"]
            {"a":"b"}           | ["c"]                     | ["c"]
            {"a":"foo"}         | null                      | null
            {"a":"foo"}         | "bar"                     | "bar"
            {"e":null}          | {"a":1}                   | {"e":null,"a":1}
            [1,2]               | {"a":"b","c":null}        | {"a":"b"}
            {}                  | {"a":{"bb":{"ccc":null}}} | {"a":{"bb":{}}}
            """)
    void follows_the_examples_of_the_rfc(String target, String patch, String result) {
        assertThat(MergePatch.apply(json(target), json(patch))).isEqualTo(json(result));
    }

    @Test
    void changes_neither_argument_and_shares_nothing_with_them() {
        ObjectNode target = Json.parseObject("target", "{\"a\":{\"b\":1}}");
        ObjectNode patch = Json.parseObject("patch", "{\"a\":{\"c\":[1]}}");
        ObjectNode result = MergePatch.apply(target, patch);
        ((ObjectNode) result.get("a")).put("b", 2).withArray("c").add(3);

        assertThat(target).isEqualTo(json("{\"a\":{\"b\":1}}"));
        assertThat(patch).isEqualTo(json("{\"a\":{\"c\":[1]}}"));
    }

    /** Names few and documents small, so that target and patch meet often. */
    @Property(tries = 2_000, edgeCases = EdgeCasesMode.NONE)
    void does_what_the_pseudo_code_of_the_rfc_does(
            @ForAll("documents") JsonNode target, @ForAll("documents") JsonNode patch) {
        assertThat(MergePatch.apply(target, patch)).isEqualTo(mergePatch(target, patch));
    }

    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void a_patch_applied_twice_is_a_patch_applied_once(
            @ForAll("documents") JsonNode target, @ForAll("documents") JsonNode patch) {
        JsonNode once = MergePatch.apply(target, patch);

        assertThat(MergePatch.apply(once, patch)).isEqualTo(once);
    }

    @Provide
    Arbitrary<JsonNode> documents() {
        return documents(3);
    }

    private static Arbitrary<JsonNode> documents(int depth) {
        Arbitrary<JsonNode> leaves = Arbitraries.of(
                        "null", "true", "1", "1.5", "\"x\"", "\"ü\"", "[]", "[null,{\"a\":null}]", "{}")
                .map(MergePatchTest::json);
        if (depth == 0) {
            return leaves;
        }
        Arbitrary<JsonNode> objects = Arbitraries.maps(Arbitraries.of("a", "b", "c", ""), documents(depth - 1))
                .ofMaxSize(3)
                .map(MergePatchTest::object);
        return Arbitraries.frequencyOf(Tuple.of(1, leaves), Tuple.of(2, objects));
    }

    private static JsonNode object(Map<String, JsonNode> members) {
        ObjectNode object = Json.object();
        members.forEach((name, value) -> object.set(name, value.deepCopy()));
        return object;
    }

    /** RFC 7396, section 2, line by line; null stands for what is undefined. */
    private static JsonNode mergePatch(@Nullable JsonNode target, JsonNode patch) {
        if (!patch.isObject()) {
            return patch.deepCopy();
        }
        ObjectNode result = target != null && target.isObject() ? target.deepCopy() : Json.object();
        for (Map.Entry<String, JsonNode> member : patch.properties()) {
            if (member.getValue().isNull()) {
                result.remove(member.getKey());
            } else {
                result.set(member.getKey(), mergePatch(result.get(member.getKey()), member.getValue()));
            }
        }
        return result;
    }

    private static JsonNode json(String text) {
        return Json.parse("example", text);
    }
}
