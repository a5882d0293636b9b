package io.hubwire.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.WireTime;
import io.hubwire.protocol.json.TwinRules.Section;
import io.hubwire.protocol.vectors.Torn;
import io.hubwire.protocol.vectors.Vectors;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

class JsonPropertiesTest {
    private static final String TRACKING = "0123456789abcdef0123456789abcdef";

    @Property(tries = 3000)
    void any_text_is_json_or_refused_in_one_line(@ForAll("tornBodies") String text) {
        try {
            JsonNode value = Json.parse("body", text);
            assertThat(Json.parse("body", Json.write(value))).isEqualTo(value);
        } catch (RemoteProtocolException e) {
            assertThat(e.getMessage()).startsWith("body ").doesNotContain("\n");
        }
    }

    @Property
    void any_bytes_are_json_or_refused(@ForAll @Size(max = 40) byte[] bytes) {
        try {
            assertThat(Json.parse("body", bytes)).isNotNull();
        } catch (RemoteProtocolException e) {
            assertThat(e.getMessage()).startsWith("body ");
        }
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void what_is_written_is_read_again(@ForAll("objects") ObjectNode value) {
        assertThat(Json.parseObject("body", Json.writeBytes(value))).isEqualTo(value);
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void a_merge_patch_applied_twice_is_applied_once(
            @ForAll("objects") ObjectNode target, @ForAll("objects") ObjectNode patch) {
        ObjectNode once = MergePatch.apply(target, patch);
        assertThat(MergePatch.apply(once, patch)).isEqualTo(once);
        patch.properties().forEach(change -> assertThat(once.has(change.getKey()))
                .isEqualTo(!change.getValue().isNull()));
        target.properties().stream()
                .filter(kept -> !patch.has(kept.getKey()))
                .forEach(kept -> assertThat(once.get(kept.getKey())).isEqualTo(kept.getValue()));
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void an_allowed_patch_leaves_an_allowed_document(
            @ForAll("objects") ObjectNode first, @ForAll("objects") ObjectNode second, @ForAll Section section) {
        if (TwinRules.checkPatch(section, first).isEmpty()
                && TwinRules.checkPatch(section, second).isEmpty()) {
            ObjectNode document = MergePatch.apply(MergePatch.apply(Json.object(), first), second);
            assertThat(TwinRules.checkDocument(section, document)).isEmpty();
        } else {
            assertThat(TwinRules.checkPatch(section, first).or(() -> TwinRules.checkPatch(section, second)))
                    .hasValueSatisfying(v -> assertThat(v.path()).startsWith(section.wireName()));
        }
    }

    @Property(tries = 3000)
    void error_bodies_are_read_from_anything(@ForAll("tornBodies") String body) {
        assertThat(ServiceErrorBody.parse(body, "DeviceNotFound")).isNotNull();
        ErrorDocument.parse(body).ifPresent(read -> assertThat(ErrorDocument.parse(read.format()))
                .contains(read));
    }

    @Property
    void both_forms_of_a_hub_error_are_read_as_they_were_written(
            @ForAll HubError error, @ForAll("messages") String message, @ForAll("times") Instant when) {
        ServiceErrorBody expected = new ServiceErrorBody(error.number(), error.wireName(), message, TRACKING);
        assertThat(ServiceErrorBody.parse(
                        ServiceErrorBody.formatNested(error, message, Map.of(), TRACKING, when), null))
                .isEqualTo(expected);
        ServiceErrorBody plain =
                ServiceErrorBody.parse(ServiceErrorBody.formatPlain(error, message, TRACKING, when), null);
        assertThat(plain.error()).contains(error);
        assertThat(plain.message()).isEqualTo(message);
    }

    @Property
    void times_are_read_as_they_were_written(@ForAll("times") Instant time) {
        assertThat(WireTime.parse(WireTime.format(time))).contains(time);
    }

    @Property
    void any_text_is_a_time_or_not(@ForAll("tornTimes") String text) {
        assertThat(WireTime.parse(text)).isNotNull();
    }

    @Provide
    Arbitrary<String> tornBodies() {
        return Torn.from(Vectors.elements(Vectors.file("rest.json").path("cases"))
                .map(c -> c.path("response").path("body"))
                .filter(body -> body.isObject())
                .map(JsonNode::toString)
                .filter(body -> body.length() < 2000)
                .toList());
    }

    @Provide
    Arbitrary<String> tornTimes() {
        return Torn.from(List.of("2030-01-01T00:00:00.0000000Z", "2021-04-21T13:30:16+02:00", "2021-04-21T11:30:16"));
    }

    @Provide
    Arbitrary<String> messages() {
        return Arbitraries.strings().ascii().ofMaxLength(40).filter(m -> !m.contains("{\"Message\""));
    }

    /** Whole hundreds of nanoseconds, as the wire has them, within four-digit years. */
    @Provide
    Arbitrary<Instant> times() {
        return Arbitraries.longs()
                .between(0, 253_402_300_799L * 10_000_000)
                .map(ticks -> Instant.ofEpochSecond(ticks / 10_000_000, ticks % 10_000_000 * 100));
    }

    @Provide
    Arbitrary<ObjectNode> objects() {
        Arbitrary<JsonNode> leaf = Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(6).map(s -> text(s)),
                Arbitraries.longs().map(n -> Json.object().put("n", n).get("n")),
                Arbitraries.bigDecimals().map(n -> Json.object().put("n", n).get("n")),
                Arbitraries.of(true, false).map(b -> Json.object().put("b", b).get("b")),
                Arbitraries.just(Json.object().putNull("n").get("n")));
        Arbitrary<JsonNode> value = Arbitraries.recursive(() -> leaf, JsonPropertiesTest::container, 0, 3);
        return object(value).map(built -> Json.parseObject("generated", Json.write(built))); // as a peer would see it
    }

    private static Arbitrary<JsonNode> container(Arbitrary<JsonNode> element) {
        return Arbitraries.oneOf(
                object(element).map(o -> o),
                element.list().ofMaxSize(3).map(list -> Json.array().addAll(list)));
    }

    private static Arbitrary<ObjectNode> object(Arbitrary<JsonNode> value) {
        Arbitrary<String> key = Arbitraries.oneOf(
                Arbitraries.of("a", "b", "c"),
                Arbitraries.strings().ofMinLength(1).ofMaxLength(3));
        return Arbitraries.maps(key, value).ofMaxSize(4).map(members -> Json.object()
                .setAll(members));
    }

    /** Half a surrogate pair has no form in UTF-8. */
    private static JsonNode text(String s) {
        return Json.object()
                .put("s", new String(s.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
                .get("s");
    }
}
