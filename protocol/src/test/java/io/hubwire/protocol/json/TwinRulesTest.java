package io.hubwire.protocol.json;

import static io.hubwire.protocol.json.TwinRules.Section.DESIRED;
import static io.hubwire.protocol.json.TwinRules.Section.REPORTED;
import static io.hubwire.protocol.json.TwinRules.Section.TAGS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.json.TwinRules.Section;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class TwinRulesTest {
    @Test
    void ten_nested_objects_are_fine_and_an_eleventh_is_not() {
        assertThat(TwinRules.checkPatch(REPORTED, nested(10, "1"))).isEmpty();
        assertThat(TwinRules.checkPatch(REPORTED, nested(11, "1"))).hasValueSatisfying(v -> assertThat(v.toString())
                .isEqualTo("reported.l.l.l.l.l.l.l.l.l.l.l: is nested deeper than 10 levels"));
    }

    @Test
    void an_array_is_a_level() {
        assertThat(TwinRules.checkPatch(REPORTED, nested(9, "[1]"))).isEmpty();
        assertThat(TwinRules.checkPatch(REPORTED, nested(10, "[1]"))).isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "-4503599627370496, true",
        "4503599627370495, true",
        "-4503599627370497, false",
        "4503599627370496, false",
        "99999999999999999999999999, false",
        "1.5e300, true",
        "0.1, true"
    })
    void integers_stay_within_52_bits(String number, boolean allowed) {
        assertThat(TwinRules.checkPatch(DESIRED, json("{\"a\":{\"b\":" + number + "}}"))
                        .isEmpty())
                .isEqualTo(allowed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a.b", "a b", "$a", "a$", "", "a\\u0007", "a\\u0085", "$version", "$metadata"})
    void keys_without_dot_dollar_space_and_controls(String key) {
        assertThat(TwinRules.checkPatch(REPORTED, json("{\"ok\":1,\"" + key + "\":1}")))
                .hasValueSatisfying(v -> assertThat(v.path()).isEqualTo("reported"));
        assertThat(TwinRules.checkPatch(REPORTED, json("{\"x\":{\"" + key + "\":1}}")))
                .hasValueSatisfying(v -> assertThat(v.path()).isEqualTo("reported.x"));
    }

    @Test
    void keys_and_texts_are_measured_in_bytes() {
        assertThat(TwinRules.checkPatch(TAGS, Json.object().put("é".repeat(512), 1)))
                .isEmpty();
        assertThat(TwinRules.checkPatch(TAGS, Json.object().put("é".repeat(513), 1)))
                .isPresent();
        assertThat(TwinRules.checkPatch(TAGS, Json.object().put("k", "é".repeat(2048))))
                .isEmpty();
        assertThat(TwinRules.checkPatch(TAGS, Json.object().put("k", "é".repeat(2049))))
                .hasValueSatisfying(v -> assertThat(v.toString())
                        .isEqualTo("tags.k: is a text of 4098 bytes; at most 4096 are allowed"));
    }

    @Test
    void null_removes_in_a_patch_but_is_no_value_in_a_document_or_an_array() {
        assertThat(TwinRules.checkPatch(REPORTED, json("{\"a\":{\"b\":null}}"))).isEmpty();
        assertThat(TwinRules.checkDocument(REPORTED, json("{\"a\":{\"b\":null}}")))
                .hasValueSatisfying(v -> assertThat(v.path()).isEqualTo("reported.a.b"));
        assertThat(TwinRules.checkPatch(REPORTED, json("{\"a\":[1,null]}")))
                .hasValueSatisfying(v -> assertThat(v.path()).isEqualTo("reported.a[1]"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "1", "null", "\"a\""})
    void a_section_is_an_object(String value) {
        assertThat(TwinRules.checkPatch(REPORTED, json(value))).isPresent();
        assertThat(TwinRules.checkDocument(REPORTED, json(value))).isPresent();
    }

    @Test
    void counts_keys_texts_8_for_numbers_and_4_for_booleans_but_no_controls_and_no_metadata() {
        ObjectNode document = Json.parseObject(
                "document",
                "{\"k\":\"é\",\"n\":1.5,\"b\":true,\"o\":{\"i\":[1,false]},\"c\":\"a\\u0007\\u0085\",\"$version\":7,"
                        + "\"$metadata\":{\"$lastUpdated\":\"x\"}}");
        assertThat(TwinRules.size(document)).isEqualTo((1 + 2) + (1 + 8) + (1 + 4) + (1 + 1 + 8 + 4) + (1 + 1));
    }

    @ParameterizedTest
    @EnumSource(Section.class)
    void a_section_may_be_filled_to_its_limit(Section section) {
        ObjectNode full = Json.object();
        IntStream.range(0, section.maxSize() / 1024).forEach(i -> full.put(String.format("%04d", i), "x".repeat(1020)));
        assertThat(TwinRules.size(full)).isEqualTo(section.maxSize());
        assertThat(TwinRules.checkDocument(section, full)).isEmpty();

        assertThat(TwinRules.checkDocument(section, full.put("0000", "x".repeat(1021))))
                .hasValueSatisfying(v -> assertThat(v.path()).isEqualTo(section.wireName()));
    }

    /** That many objects below the section, the innermost with one member. */
    private static JsonNode nested(int objects, String leaf) {
        return json("{\"l\":".repeat(objects) + "{\"leaf\":" + leaf + "}" + "}".repeat(objects));
    }

    private static JsonNode json(String text) {
        return Json.parse("example", text);
    }
}
