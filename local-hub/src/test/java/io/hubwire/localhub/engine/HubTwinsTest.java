package io.hubwire.localhub.engine;

import static io.hubwire.localhub.engine.HubRegistryTest.assertRefused;
import static io.hubwire.localhub.engine.TestHub.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.json.Json;
import io.hubwire.protocol.vectors.Vectors;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HubTwinsTest {
    private static final ETagMatch ANY = new ETagMatch.Any();

    private final TestHub hub = new TestHub();
    private final Twins twins = hub.engine.twins();
    private Identity device;

    @BeforeEach
    void register() {
        device = hub.device("dev1");
    }

    @AfterEach
    void close() {
        hub.close();
    }

    static Stream<Named<JsonNode>> changes() {
        return Vectors.named(Vectors.file("rest.json").path("cases"), "name")
                .filter(c -> c.getName().matches("(module-)?twin-(get-fresh|get|patch.*|replace)"));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void answers_in_the_shape_of_the_service(JsonNode c) {
        boolean module = c.path("name").asText().startsWith("module");
        Identity who = module ? hub.module("dev1", "mod1") : device;
        hub.time.advance(Duration.ofSeconds(55));
        bringAbout(c.at("/response/body"));
        boolean get = c.at("/request/method").asText().equals("GET");
        ObjectNode answer = get
                ? twins.get(who)
                : c.at("/request/method").asText().equals("PUT")
                        ? twins.replace(who, (ObjectNode) c.at("/request/body"), ANY)
                        : twins.patch(who, (ObjectNode) c.at("/request/body"), ANY);
        Shapes.assertSameShape(answer, c.at("/response/body"));
    }

    /** What the case expects to be there already. */
    private void bringAbout(JsonNode expected) {
        if (!expected.at("/tags/building").isMissingNode()) {
            twins.patch(device, json("{'tags':{'building':'43'}}"), ANY);
        }
    }

    @Test
    void counts_versions_and_etags_as_documented() {
        assertThat(counters()).isEqualTo("etag 1, version 2, desired 1, reported 1");
        twins.patch(device, json("{'tags':{'a':1}}"), ANY);
        assertThat(counters()).isEqualTo("etag 2, version 3, desired 1, reported 1");
        twins.patch(device, json("{'properties':{'desired':{'a':1}}}"), ANY);
        assertThat(counters()).isEqualTo("etag 3, version 4, desired 2, reported 1");
        twins.patch(device, json("{'tags':{'a':2},'properties':{'desired':{'a':2}}}"), ANY);
        assertThat(counters()).isEqualTo("etag 4, version 5, desired 3, reported 1");
        twins.patch(device, json("{'properties':{'desired':{}}}"), ANY); // present, though it changes nothing
        assertThat(counters()).isEqualTo("etag 5, version 6, desired 4, reported 1");
        assertThat(twins.report(device, json("{'b':1}"), null)).isEqualTo(2);
        assertThat(counters()).isEqualTo("etag 5, version 7, desired 4, reported 2");
        twins.patch(device, json("{}"), ANY);
        twins.patch(device, json("{'tags':null,'properties':{'reported':{'b':9}}}"), ANY);
        assertThat(counters()).isEqualTo("etag 5, version 7, desired 4, reported 2");
        twins.replace(device, json("{}"), ANY); // a missing section is emptied
        assertThat(counters()).isEqualTo("etag 6, version 8, desired 5, reported 2");
        assertThat(twins.get(device).path("tags").isMissingNode()).isTrue();
        assertThat(twins.get(device).at("/properties/reported/b").asInt()).isEqualTo(1);
    }

    private String counters() {
        ObjectNode twin = twins.get(device);
        byte[] etag = Base64.getDecoder().decode(twin.path("etag").asText());
        return "etag " + ByteBuffer.wrap(etag).getLong() + ", version "
                + twin.path("version").asInt() + ", desired "
                + twin.at("/properties/desired/$version").asInt() + ", reported "
                + twin.at("/properties/reported/$version").asInt();
    }

    @Test
    void writes_metadata_beside_every_object_and_leaf_that_a_patch_touches() {
        hub.time.advance(Duration.ofSeconds(1));
        twins.patch(device, json("{'properties':{'desired':{'a':{'b':1,'c':[1,2]},'z':true}}}"), ANY);
        hub.time.advance(Duration.ofSeconds(1));
        twins.patch(device, json("{'properties':{'desired':{'a':{'b':2,'c':null}}}}"), ANY);
        assertThat(twins.get(device).at("/properties/desired/$metadata")).isEqualTo(json("""
                {'$lastUpdated':'2026-01-01T00:00:02.0000000Z','$lastUpdatedVersion':3,
                 'a':{'$lastUpdated':'2026-01-01T00:00:02.0000000Z','$lastUpdatedVersion':3,
                      'b':{'$lastUpdated':'2026-01-01T00:00:02.0000000Z','$lastUpdatedVersion':3}},
                 'z':{'$lastUpdated':'2026-01-01T00:00:01.0000000Z','$lastUpdatedVersion':2}}"""));
        twins.report(device, json("{'on':true}"), null);
        assertThat(twins.get(device).at("/properties/reported/$metadata")).isEqualTo(json("""
                {'$lastUpdated':'2026-01-01T00:00:02.0000000Z',
                 'on':{'$lastUpdated':'2026-01-01T00:00:02.0000000Z'}}"""));
        twins.patch(device, json("{'properties':{'desired':{'a':7,'z':{'y':1}}}}"), ANY);
        assertThat(twins.get(device).at("/properties/desired/$metadata/a").size())
                .isEqualTo(2);
        assertThat(twins.get(device).at("/properties/desired/$metadata/z/y").size())
                .isEqualTo(2);
    }

    @Test
    void pushes_a_desired_change_to_the_session_and_nothing_else() {
        FakeSession session = hub.connect(device);
        twins.patch(device, json("{'tags':{'a':1}}"), ANY);
        twins.report(device, json("{'a':1}"), null);
        assertThat(session.patches).isEmpty();
        twins.patch(
                device, json("{'properties':{'desired':{'a':{'b':1},'c':null,'$version':77,'$metadata':{}}}}"), ANY);
        twins.replace(device, json("{'properties':{'desired':{'x':1}}}"), ANY);
        twins.replace(device, json("{}"), ANY);
        assertThat(session.patches)
                .containsExactly(
                        new FakeSession.Patch(2, "{\"a\":{\"b\":1},\"c\":null,\"$version\":2}"),
                        new FakeSession.Patch(3, "{\"x\":1,\"$version\":3}"),
                        new FakeSession.Patch(4, "{\"$version\":4}"));
        assertRefused(
                HubError.PRECONDITION_FAILED,
                () -> twins.patch(
                        device, json("{'properties':{'desired':{'a':1}}}"), new ETagMatch.Tag("AAAAAAAAAP8=")));
        assertThat(session.patches).hasSize(3);
    }

    @Test
    void shows_a_device_its_own_view() {
        assertThat(twins.deviceView(device))
                .hasToString("{\"desired\":{\"$version\":1},\"reported\":{\"$version\":1}}");
        twins.patch(device, json("{'tags':{'a':1},'properties':{'desired':{'k':1.10}}}"), ANY);
        twins.report(device, json("{'b':55}"), 1L);
        assertThat(twins.deviceView(device))
                .hasToString("{\"desired\":{\"k\":1.10,\"$version\":2},\"reported\":{\"b\":55,\"$version\":2}}");
    }

    @Test
    void keeps_modules_and_their_device_apart() {
        Identity module = hub.module("dev1", "mod1");
        FakeSession session = hub.connect(module);
        twins.patch(device, json("{'properties':{'desired':{'who':'device'}}}"), ANY);
        assertThat(session.patches).isEmpty();
        twins.patch(module, json("{'properties':{'desired':{'who':'module'}}}"), ANY);
        assertThat(session.patches).hasSize(1);
        assertThat(twins.deviceView(device).at("/desired/who").asText()).isEqualTo("device");
        assertThat(twins.get(module).path("moduleId").asText()).isEqualTo("mod1");
    }

    @Test
    void checks_a_report_against_the_base_version_it_names() {
        assertThat(twins.report(device, json("{'a':1}"), 1L)).isEqualTo(2);
        assertRefused(HubError.PRECONDITION_FAILED, () -> twins.report(device, json("{'a':2}"), 1L));
        assertRefused(HubError.PRECONDITION_FAILED, () -> twins.report(device, json("{'a':2}"), 0L));
        assertThat(twins.deviceView(device).at("/reported/a").asInt()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'a.b':1}",
                "{'$version':3}",
                "{'a b':1}",
                "{'n':4503599627370496}",
                "{'list':[1,null]}",
                "{'1':{'2':{'3':{'4':{'5':{'6':{'7':{'8':{'9':{'10':{'11':{}}}}}}}}}}}}"
            })
    void refuses_a_report_that_breaks_a_rule_and_keeps_what_was(String patch) {
        assertRefused(HubError.ARGUMENT_INVALID, () -> twins.report(device, json(patch), null));
        assertThat(twins.deviceView(device))
                .hasToString("{\"desired\":{\"$version\":1},\"reported\":{\"$version\":1}}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            {'tags':7}                                 | tags must be an object
            {'properties':[]}                          | properties must be an object
            {'properties':{'desired':'x'}}             | properties.desired must be an object
            {'properties':{'desired':{'a$':1}}}        | desired: key [a$]
            {'tags':{'a':{'b c':1}}}                   | tags.a: key [b c]
            """)
    void refuses_a_change_that_breaks_a_rule(String body, String why) {
        for (boolean replace : List.of(true, false)) {
            assertThatThrownBy(() -> change(replace, json(body)))
                    .isInstanceOfSatisfying(
                            HubException.class, e -> assertThat(e.error()).isEqualTo(HubError.ARGUMENT_INVALID))
                    .hasMessageContaining(why);
        }
        assertThat(counters()).isEqualTo("etag 1, version 2, desired 1, reported 1");
    }

    private ObjectNode change(boolean replace, ObjectNode body) {
        return replace ? twins.replace(device, body, ANY) : twins.patch(device, body, ANY);
    }

    @Test
    void refuses_null_in_a_replacement_and_too_much_of_anything() {
        assertThatThrownBy(() -> twins.replace(device, json("{'tags':{'my-tag':null}}"), ANY))
                .hasMessage("Value of Property or Tag cannot be null. Error in Property/Tag my-tag");
        for (int i = 0; i < 8; i++) {
            twins.report(device, Json.object().put("k" + i, "x".repeat(4000)), null);
        }
        assertRefused(
                HubError.ARGUMENT_INVALID,
                () -> twins.report(device, Json.object().put("k8", "x".repeat(4000)), null));
        assertThat(twins.deviceView(device).path("reported").size()).isEqualTo(9);
    }

    @Test
    void refuses_the_unknown() {
        Identity none = Identity.device("none");
        assertRefused(HubError.DEVICE_NOT_FOUND, () -> twins.get(none));
        assertRefused(HubError.DEVICE_NOT_FOUND, () -> twins.deviceView(none));
        assertRefused(HubError.DEVICE_NOT_FOUND, () -> twins.report(none, json("{}"), null));
        assertRefused(HubError.DEVICE_NOT_FOUND, () -> twins.patch(none, json("{}"), ANY));
        assertRefused(HubError.MODULE_NOT_FOUND, () -> twins.get(Identity.module("dev1", "none")));
    }

    @Test
    void shows_the_model_of_a_connection() {
        assertThat(twins.get(device).path("modelId").asText()).isEmpty();
        twins.modelId(device, "dtmi:com:example:Thermostat;1");
        twins.modelId(device, null);
        assertThat(twins.get(device).path("modelId").asText()).isEqualTo("dtmi:com:example:Thermostat;1");
        assertThat(counters()).isEqualTo("etag 1, version 2, desired 1, reported 1");
    }

    @Test
    void loses_no_change_of_sixteen_writers_and_pushes_in_order() throws Exception {
        FakeSession session = hub.connect(device);
        int writers = 16;
        int each = 10;
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        try {
            CountDownLatch start = new CountDownLatch(writers);
            List<Future<?>> done = new ArrayList<>();
            for (int w = 0; w < writers; w++) {
                int writer = w;
                done.add(threads.submit(() -> {
                    start.countDown();
                    start.await();
                    for (int i = 0; i < each; i++) {
                        addOne(writer);
                        twins.report(device, json("{'w" + writer + "':" + i + "}"), null);
                    }
                    return null;
                }));
            }
            for (Future<?> one : done) {
                one.get(40, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }
        ObjectNode view = twins.deviceView(device);
        assertThat(view.at("/desired/sum").asInt()).isEqualTo(writers * each);
        assertThat(view.at("/desired/$version").asInt()).isEqualTo(1 + writers * each);
        assertThat(view.at("/reported/$version").asInt()).isEqualTo(1 + writers * each);
        assertThat(session.patches)
                .extracting(FakeSession.Patch::version)
                .isSorted()
                .hasSize(writers * each);
    }

    /** Reads, adds one, writes with the etag; again when somebody was faster. */
    private void addOne(int writer) {
        while (true) {
            ObjectNode twin = twins.get(device);
            int sum = twin.at("/properties/desired/sum").asInt() + 1;
            try {
                twins.patch(
                        device,
                        json("{'tags':{'last':" + writer + "},'properties':{'desired':{'sum':" + sum + "}}}"),
                        new ETagMatch.Tag(twin.path("etag").asText()));
                return;
            } catch (HubException e) {
                assertThat(e.error()).isEqualTo(HubError.PRECONDITION_FAILED);
            }
        }
    }
}
