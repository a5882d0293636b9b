package io.hubwire.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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

    private static JsonNode json(String text) {
        return Json.parse("example", text);
    }
}
