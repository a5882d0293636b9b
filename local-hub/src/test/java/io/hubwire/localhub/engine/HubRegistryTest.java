package io.hubwire.localhub.engine;

import static io.hubwire.localhub.engine.TestHub.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.DeviceSession.CloseReason;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.json.Json;
import io.hubwire.protocol.vectors.Vectors;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class HubRegistryTest {
    private static final ETagMatch ANY = new ETagMatch.Any();

    private final TestHub hub = new TestHub();
    private final Registry registry = hub.engine.registry();

    @AfterEach
    void close() {
        hub.close();
    }

    static Stream<Named<JsonNode>> creations() {
        return Vectors.named(Vectors.file("rest.json").path("cases"), "name")
                .filter(c ->
                        c.getName().startsWith("device-create-") || c.getName().equals("module-create"))
                .filter(c -> c.getPayload().at("/response/status").asInt() < 300);
    }

    @ParameterizedTest
    @MethodSource("creations")
    void answers_a_creation_in_the_shape_of_the_service(JsonNode c) {
        ObjectNode body = (ObjectNode) c.at("/request/body");
        Identity identity = identity(c.at("/request/path").asText());
        if (identity.isModule()) {
            hub.device(identity.deviceId());
        }
        Shapes.assertSameShape(registry.create(identity, body), c.at("/response/body"));
        Shapes.assertSameShape(registry.get(identity), c.at("/response/body"));
    }

    /** {@code /devices/d[/modules/m]}. */
    private static Identity identity(String path) {
        String[] parts = path.substring(1).split("/");
        return parts.length == 2 ? Identity.device(parts[1]) : Identity.module(parts[1], parts[3]);
    }

    @Test
    void keeps_given_keys_and_makes_missing_ones_of_32_bytes() {
        String given = "cHJpbWFyeS1rZXktMzItYnl0ZXMtbG9uZy0wMTIzNDU=";
        ObjectNode device = registry.create(
                Identity.device("d1"), json("{'authentication':{'symmetricKey':{'primaryKey':'" + given + "'}}}"));
        assertThat(device.at("/authentication/symmetricKey/primaryKey").asText())
                .isEqualTo(given);
        assertThat(device.at("/authentication/symmetricKey/secondaryKey").asText())
                .hasSize(44)
                .isNotEqualTo(given);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            {'deviceId':'other'}                                                                      | deviceId [other]
            {'status':'asleep'}                                                                       | status [asleep]
            {'authentication':7}                                                                      | authentication must be an object
            {'authentication':{'type':'password'}}                                                    | authentication.type [password]
            {'authentication':{'symmetricKey':{'primaryKey':'short'}}}                                | primaryKey: key is not base64
            {'authentication':{'symmetricKey':{'primaryKey':'c2hvcnQ='}}}                             | primaryKey: key has 5 bytes
            {'authentication':{'type':'selfSigned'}}                                                  | no x509Thumbprint
            {'authentication':{'x509Thumbprint':{'primaryThumbprint':'AB'}}}                          | [AB] must be 40
            {'authentication':{'type':'sas','x509Thumbprint':{'primaryThumbprint':'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'}}} | keys or thumbprints
            """)
    void refuses_a_body_that_breaks_a_rule(String body, String why) {
        assertThat(refusal(() -> registry.create(Identity.device("d1"), json(body))))
                .satisfies(e -> assertThat(e.error()).isEqualTo(HubError.ARGUMENT_INVALID))
                .satisfies(e -> assertThat(e.detail()).contains(why));
        assertThat(registry.list(10)).isEmpty();
    }

    @Test
    void refuses_with_the_number_of_the_case() {
        Identity d1 = hub.device("d1");
        Identity m1 = hub.module("d1", "m1");
        Identity none = Identity.device("none");
        Identity noModule = Identity.module("d1", "none");
        ETagMatch stale = new ETagMatch.Tag("c3RhbGU=");
        ObjectNode body = json("{}");

        assertRefused(HubError.DEVICE_ALREADY_EXISTS, () -> registry.create(d1, body));
        assertRefused(HubError.MODULE_ALREADY_EXISTS_ON_DEVICE, () -> registry.create(m1, body));
        assertRefused(HubError.DEVICE_NOT_FOUND, () -> registry.create(Identity.module("none", "m"), body));
        for (ETagMatch match : List.of(new ETagMatch.Absent(), ANY, stale)) {
            assertRefused(HubError.DEVICE_NOT_FOUND, () -> registry.update(none, body, match));
            assertRefused(HubError.MODULE_NOT_FOUND, () -> registry.update(noModule, body, match));
            assertRefused(HubError.DEVICE_NOT_FOUND, () -> registry.delete(none, match));
            assertRefused(HubError.MODULE_NOT_FOUND, () -> registry.delete(noModule, match));
        }
        assertRefused(HubError.DEVICE_NOT_FOUND, () -> registry.get(none));
        assertRefused(HubError.MODULE_NOT_FOUND, () -> registry.get(noModule));
        assertRefused(HubError.DEVICE_NOT_FOUND, () -> registry.modules(none.device()));
        for (Identity there : List.of(d1, m1)) {
            assertRefused(HubError.PRECONDITION_FAILED, () -> registry.update(there, body, stale));
            assertRefused(HubError.PRECONDITION_FAILED, () -> registry.delete(there, stale));
        }
        assertRefused(
                HubError.SYSTEM_MODULE_MODIFY_UNAUTHORIZED_ACCESS,
                () -> registry.create(Identity.module("d1", "$edgeHub"), body));
    }

    @Test
    void stops_at_the_limits_of_a_hub() {
        try (TestHub small = new TestHub(options -> options.withMaxDevices(1))) {
            Identity d1 = small.device("d1");
            assertRefused(HubError.TOO_MANY_DEVICES, () -> small.device("d2"));
            for (int i = 0; i < 50; i++) {
                small.module("d1", "m" + i);
            }
            assertRefused(HubError.TOO_MANY_MODULES_ON_DEVICE, () -> small.module("d1", "one-more"));
            assertThat(small.engine.registry().modules(d1.device())).hasSize(50);
        }
    }

    @Test
    void changes_the_etag_but_not_the_generation_with_each_update() {
        Identity d1 = hub.device("d1");
        ObjectNode before = registry.get(d1);
        ObjectNode after = registry.update(
                d1,
                json("{'statusReason':'new'}"),
                new ETagMatch.Tag(before.path("etag").asText()));
        assertThat(after.path("etag")).isNotEqualTo(before.path("etag"));
        assertThat(after.path("generationId")).isEqualTo(before.path("generationId"));
        assertThat(after.path("authentication")).isEqualTo(before.path("authentication"));
        assertThat(after.path("statusReason").asText()).isEqualTo("new");
        assertRefused(
                HubError.PRECONDITION_FAILED,
                () -> registry.update(
                        d1, json("{}"), new ETagMatch.Tag(before.path("etag").asText())));
    }

    @Test
    void gives_a_device_made_again_another_generation() {
        Identity d1 = hub.device("d1");
        String first = registry.get(d1).path("generationId").asText();
        registry.delete(d1, ANY);
        assertThat(registry.get(hub.device("d1")).path("generationId").asText()).isNotEqualTo(first);
    }

    @Test
    void notes_when_the_status_changed_and_when_the_device_was_here() {
        Identity d1 = hub.device("d1");
        hub.time.advance(Duration.ofSeconds(5));
        registry.update(d1, json("{'status':'disabled','statusReason':'lost'}"), ANY);
        FakeSession session = hub.connect(d1);
        hub.time.advance(Duration.ofSeconds(5));
        hub.engine.sessions().active(d1);
        ObjectNode device = registry.get(d1);
        assertThat(device.path("status").asText()).isEqualTo("disabled");
        assertThat(device.path("statusUpdatedTime").asText()).isEqualTo("2026-01-01T00:00:05.0000000Z");
        assertThat(device.path("connectionState").asText()).isEqualTo("Connected");
        assertThat(device.path("connectionStateUpdatedTime").asText()).isEqualTo("2026-01-01T00:00:05.0000000Z");
        assertThat(device.path("lastActivityTime").asText()).isEqualTo("2026-01-01T00:00:10.0000000Z");
        hub.engine.sessions().closed(session);
        assertThat(registry.get(d1).path("connectionState").asText()).isEqualTo("Disconnected");
    }

    @Test
    void cuts_the_connections_that_a_change_makes_wrong() {
        Identity d1 = hub.device("d1");
        Identity m1 = hub.module("d1", "m1");
        FakeSession device = hub.connect(d1);
        FakeSession module = hub.connect(m1);

        registry.update(d1, json("{'statusReason':'no change of substance'}"), ANY);
        assertThat(device.closed).isEmpty();

        String newKey = "cHJpbWFyeS1rZXktMzItYnl0ZXMtbG9uZy0wMTIzNDU=";
        registry.update(d1, json("{'authentication':{'symmetricKey':{'primaryKey':'" + newKey + "'}}}"), ANY);
        assertThat(device.closed).containsExactly(CloseReason.KEY_CHANGED);
        assertThat(module.closed).isEmpty();

        registry.update(d1, json("{'status':'disabled'}"), ANY);
        assertThat(device.closed).containsExactly(CloseReason.KEY_CHANGED, CloseReason.DISABLED);
        assertThat(module.closed).containsExactly(CloseReason.DISABLED);
    }

    @Test
    void takes_everything_of_a_deleted_device_along() {
        Identity d1 = hub.device("d1");
        Identity m1 = hub.module("d1", "m1");
        FakeSession device = hub.connect(d1);
        FakeSession module = hub.connect(m1);
        hub.engine.c2d().enqueue(d1, Message.of("never read"));
        hub.engine.c2d().enqueue(m1, Message.of("never read"));

        registry.delete(d1, ANY);

        assertThat(device.closed).containsExactly(CloseReason.DELETED);
        assertThat(module.closed).containsExactly(CloseReason.DELETED);
        assertThat(hub.engine.c2d().pending(d1)).isZero();
        assertRefused(HubError.DEVICE_NOT_FOUND, () -> hub.engine.twins().get(d1));
        assertRefused(HubError.DEVICE_NOT_FOUND, () -> hub.engine.twins().get(m1));
        assertRefused(HubError.DEVICE_NOT_FOUND, () -> hub.engine.c2d().enqueue(d1, Message.of("late")));
        hub.device("d1");
        assertThat(registry.modules(d1.device())).isEmpty();
        assertThat(hub.engine.c2d().next(d1, this, Instant.MIN)).isEmpty();
        assertThat(hub.time.pendingTasks())
                .as("timer tasks of queues that are gone")
                .isZero();
    }

    @Test
    void gives_an_edge_device_its_scope_and_modules_and_takes_children_into_it() {
        Identity edge = Identity.device("edge1");
        ObjectNode created = registry.create(edge, json("{'capabilities':{'iotEdge':true}}"));
        String scope = created.path("deviceScope").asText();
        assertThat(scope)
                .isEqualTo("ms-azure-iot-edge://edge1-"
                        + created.path("generationId").asText());
        assertThat(registry.modules(edge.device()))
                .extracting(module -> module.path("moduleId").asText())
                .containsExactly("$edgeAgent", "$edgeHub");

        ObjectNode leaf = registry.create(Identity.device("leaf"), json("{'deviceScope':'" + scope + "'}"));
        assertThat(leaf.path("parentScopes")).extracting(JsonNode::asText).containsExactly(scope);
        assertRefused(
                HubError.INVALID_DEVICE_SCOPE,
                () -> registry.create(
                        Identity.device("orphan"), json("{'deviceScope':'ms-azure-iot-edge://nobody-1'}")));
        assertRefused(
                HubError.INVALID_DEVICE_SCOPE,
                () -> registry.create(Identity.device("orphan"), json("{'deviceScope':'edge1'}")));
        assertRefused(
                HubError.INVALID_DEVICE_SCOPE,
                () -> registry.create(
                        Identity.device("orphan"),
                        json("{'deviceScope':'ms-azure-iot-edge://ms-azure-iot-edge://edge1-1'}")));
        assertRefused(
                HubError.ARGUMENT_INVALID,
                () -> registry.update(edge, json("{'capabilities':{'iotEdge':false}}"), ANY));
    }

    @Test
    void lists_and_counts() {
        hub.device("d1");
        hub.device("d2");
        Identity d3 = hub.device("d3");
        hub.connect(hub.module("d3", "m1"));
        registry.update(d3, json("{'status':'disabled'}"), ANY);
        assertThat(registry.list(2)).hasSize(2);
        assertThat(registry.list(0)).hasSize(3);
        assertThat(registry.list(5000)).hasSize(3);
        assertThat(registry.deviceStatistics())
                .hasToString("{\"totalDeviceCount\":3,\"enabledDeviceCount\":2,\"disabledDeviceCount\":1}");
        hub.connect(Identity.device("d1"));
        assertThat(registry.serviceStatistics().path("connectedDeviceCount").asInt())
                .as("modules do not count")
                .isEqualTo(1);
    }

    static Stream<Named<JsonNode>> bulks() {
        return Vectors.named(Vectors.file("rest.json").path("cases"), "name")
                .filter(c -> c.getName().startsWith("bulk-"));
    }

    @ParameterizedTest
    @MethodSource("bulks")
    void answers_a_bulk_call_in_the_shape_of_the_service(JsonNode c) {
        if (c.path("name").asText().equals("bulk-delete-explorer")) {
            hub.device("b1");
        } else if (c.path("name").asText().equals("bulk-partial-failure")) {
            hub.device("dev1");
        }
        ObjectNode answer = registry.bulk((ArrayNode) c.at("/request/body"));
        Shapes.assertSameShape(answer, c.at("/response/body"));
    }

    @Test
    void does_what_it_can_of_a_bulk_call_and_says_what_failed() {
        hub.device("old");
        hub.device("gone");
        ArrayNode items = (ArrayNode) Json.parse("items", """
                [{"id":"new","importMode":"create","tags":{"floor":1},"properties":{"desired":{"on":true}}},
                 {"id":"new","moduleId":"m","importMode":"create"},
                 {"id":"old","importMode":"create"},
                 {"id":"old/x","importMode":"create"},
                 {"id":"none","importMode":"update"},
                 {"id":"either","importMode":"createOrUpdate","status":"disabled"},
                 {"id":"gone","eTag":"c3RhbGU=","importMode":"deleteIfMatchETag"},
                 {"id":"what","importMode":"destroy"}]""");
        ObjectNode answer = registry.bulk(items);
        assertThat(answer.path("isSuccessful").asBoolean()).isFalse();
        assertThat(answer.path("errors"))
                .extracting(e ->
                        e.path("deviceId").asText() + " " + e.path("errorCode").asText())
                .containsExactly(
                        "old DeviceAlreadyExists",
                        "old/x ArgumentInvalid",
                        "none DeviceNotFound",
                        "gone PreconditionFailed",
                        "what ArgumentInvalid");
        ObjectNode twin = hub.engine.twins().get(Identity.device("new"));
        assertThat(twin.at("/tags/floor").asInt()).isEqualTo(1);
        assertThat(twin.at("/properties/desired/on").asBoolean()).isTrue();
        assertThat(twin.at("/properties/desired/$version").asInt()).isEqualTo(1);
        assertThat(registry.get(Identity.device("either")).path("status").asText())
                .isEqualTo("disabled");

        registry.bulk((ArrayNode) Json.parse("items", """
                [{"id":"new","importMode":"updateTwin","tags":{"floor":2}},{"id":"old","importMode":"DELETE"}]"""));
        assertThat(hub.engine
                        .twins()
                        .get(Identity.device("new"))
                        .at("/tags/floor")
                        .asInt())
                .isEqualTo(2);
        assertRefused(HubError.DEVICE_NOT_FOUND, () -> registry.get(Identity.device("old")));
    }

    @Test
    void refuses_a_bulk_call_that_is_no_list_of_different_devices() {
        ArrayNode twice = (ArrayNode) Json.parse("items", "[{\"id\":\"a\"},{\"id\":\"a\"}]");
        assertRefused(HubError.DEVICE_DEFINED_MULTIPLE_TIMES, () -> registry.bulk(twice));
        ArrayNode many = Json.array();
        for (int i = 0; i <= 100; i++) {
            many.addObject().put("id", "d" + i);
        }
        assertRefused(HubError.BULK_REGISTRY_OPERATION_FAILURE, () -> registry.bulk(many));
        assertThat(registry.list(10)).isEmpty();
    }

    @Test
    void lets_one_of_two_updates_with_the_same_etag_win() throws Exception {
        Identity d1 = hub.device("d1");
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            for (int round = 0; round < 50; round++) {
                ETagMatch tag = new ETagMatch.Tag(registry.get(d1).path("etag").asText());
                CountDownLatch start = new CountDownLatch(2);
                List<Future<Boolean>> both = Stream.of("a", "b")
                        .map(reason -> threads.submit(() -> {
                            start.countDown();
                            start.await();
                            try {
                                registry.update(d1, json("{'statusReason':'" + reason + "'}"), tag);
                                return true;
                            } catch (HubException e) {
                                assertThat(e.error()).isEqualTo(HubError.PRECONDITION_FAILED);
                                return false;
                            }
                        }))
                        .toList();
                boolean first = both.get(0).get(10, TimeUnit.SECONDS);
                boolean second = both.get(1).get(10, TimeUnit.SECONDS);
                assertThat(first).isNotEqualTo(second);
                assertThat(registry.get(d1).path("statusReason").asText()).isEqualTo(first ? "a" : "b");
            }
        } finally {
            threads.shutdownNow();
        }
    }

    static void assertRefused(HubError error, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(HubException.class, e -> assertThat(e.error())
                .isEqualTo(error));
    }

    private static HubException refusal(ThrowingCallable call) {
        return catchThrowableOfType(HubException.class, call);
    }
}
