package io.hubwire.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.auth.ConnectionString;
import io.hubwire.https.HttpsRequest;
import io.hubwire.protocol.DeviceId;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.Message;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is refused before anything is sent, and which requests may be sent twice. */
class ClientChecksTest {
    private static final DeviceId D1 = new DeviceId("d1");
    private static final Identity D1_TWIN = Identity.device("d1");
    private static final IfMatch TAG = IfMatch.of("MQ==");

    static Stream<ThrowingCallable> mistakes() {
        return Stream.of(
                () -> IfMatch.of(""),
                () -> IfMatch.of("a\"b"),
                () -> IfMatch.of("a\nb"),
                () -> RegistryRequests.list(0),
                () -> RegistryRequests.list(1_001),
                () -> RegistryRequests.getModule(D1_TWIN),
                () -> RegistryRequests.bulk(List.of()),
                () -> RegistryRequests.bulk(entries(101)),
                () -> RegistryRequests.bulk(
                        List.of(BulkEntry.create(Device.of("d1")), BulkEntry.delete(D1_TWIN, IfMatch.ANY))),
                () -> BulkEntry.parse("{\"deviceId\":\"d1\"}"),
                () -> BulkEntry.parse("not json"),
                () -> MethodCall.of("").build(),
                () -> MethodCall.of("a\nb").build(),
                () -> MethodCall.of("m").payload("{not json").build(),
                () -> MethodCall.of("m")
                        .payload("\"" + "x".repeat(131_072) + "\"")
                        .build(),
                () -> MethodCall.of("m").responseTimeout(Duration.ofSeconds(4)).build(),
                () -> MethodCall.of("m")
                        .responseTimeout(Duration.ofSeconds(301))
                        .build(),
                () -> MethodCall.of("m")
                        .responseTimeout(Duration.ofMillis(5_500))
                        .build(),
                () -> MethodCall.of("m").connectTimeout(Duration.ofSeconds(-1)).build(),
                () -> C2dRequests.send(D1, Message.of("x".repeat(65_537))),
                () -> C2dRequests.send(D1, Message.builder("x").messageId("a b").build()),
                () -> C2dRequests.send(
                        D1, Message.builder("x").property("colour", "grün").build()),
                () -> C2dRequests.send(
                        D1, Message.builder("x").property("a b", "1").build()),
                () -> Queries.request(" ", PageRequest.first()),
                () -> Queries.request("x".repeat(8_193), PageRequest.first()),
                () -> PageRequest.first(0),
                () -> PageRequest.first(1_001),
                () -> JobSpec.now("", "*"),
                () -> JobSpec.now("j", ""),
                () -> JobSpec.now("j", "*").within(Duration.ZERO),
                () -> Configuration.builder(" "),
                () -> Configuration.builder("c").deviceContent("[]"),
                () -> Configuration.parse("{}"),
                () -> ConfigurationRequests.list(101),
                () -> ConfigurationRequests.applyOnDevice(D1, "null"),
                () -> DigitalTwinRequests.patch(D1, "{}", IfMatch.ANY),
                () -> RegistryRequests.get(new DeviceId("..")),
                () -> ServiceOptions.of(
                        ConnectionString.parse(
                                "HostName=h.example.net;DeviceId=d1;SharedAccessKey=c2VydmljZS1rZXktMzItYnl0ZXMtbG9uZy0wMTIzNDU=")));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void is_refused_with_the_rule(ThrowingCallable mistake) {
        assertThatThrownBy(mistake)
                .isInstanceOf(InvalidInputException.class)
                .satisfies(e -> assertThat(e.getMessage()).isNotBlank().doesNotContain("\n"));
    }

    @Test
    void the_largest_allowed_is_allowed() {
        assertThat(C2dRequests.send(D1, Message.of("x".repeat(65_536)))
                        .build()
                        .body()
                        .orElseThrow())
                .hasSize(65_536);
        assertThat(RegistryRequests.bulk(entries(100)).build().isRepeatable()).isFalse();
        assertThat(RegistryRequests.list(1_000).build().target()).isEqualTo("/devices?top=1000");
        assertThat(MethodCall.of("m")
                        .responseTimeout(Duration.ofSeconds(300))
                        .connectTimeout(Duration.ofSeconds(300))
                        .build())
                .isNotNull();
    }

    @Test
    void only_what_does_no_harm_twice_may_be_sent_twice() {
        Device device = Device.of("d1");
        MethodCall call = MethodCall.of("m").build();
        assertThat(Stream.of(
                        RegistryRequests.get(D1),
                        RegistryRequests.update(device, IfMatch.ANY),
                        RegistryRequests.delete(D1, IfMatch.ANY),
                        C2dRequests.purge(D1),
                        C2dRequests.receiveFeedback(),
                        Queries.request("SELECT * FROM devices", PageRequest.first()),
                        JobRequests.cancel("j")))
                .allMatch(request -> request.build().isRepeatable());
        assertThat(Stream.of(
                        RegistryRequests.create(device),
                        RegistryRequests.update(device, TAG),
                        RegistryRequests.delete(D1, TAG),
                        TwinRequests.patch(D1_TWIN, TwinUpdate.tags("{}"), IfMatch.ANY),
                        MethodRequests.invoke(D1_TWIN, call),
                        C2dRequests.send(D1, Message.of("x")),
                        C2dRequests.completeFeedback("t"),
                        JobRequests.method(JobSpec.now("j", "*"), call),
                        DigitalTwinRequests.command(D1, java.util.Optional.empty(), call)))
                .noneMatch(request -> request.build().isRepeatable());
    }

    @Test
    void a_method_calls_deadline_outlasts_both_of_the_hubs() {
        HttpsRequest request = MethodRequests.invoke(
                        D1_TWIN,
                        MethodCall.of("m")
                                .responseTimeout(Duration.ofSeconds(60))
                                .connectTimeout(Duration.ofSeconds(100))
                                .build())
                .build();
        assertThat(request.timeout()).contains(Duration.ofSeconds(175));
    }

    @Test
    void a_bulk_entry_takes_over_what_a_device_has() {
        Device device =
                Device.builder("d1").edge(true).status(IdentityStatus.DISABLED).build();
        assertThat(BulkEntry.update(device, TAG).json())
                .isEqualTo("{\"id\":\"d1\",\"importMode\":\"updateIfMatchETag\",\"status\":\"disabled\","
                        + "\"capabilities\":{\"iotEdge\":true},\"eTag\":\"MQ==\"}");
        assertThat(BulkEntry.delete(Identity.module("d1", "m1"), IfMatch.ANY).json())
                .isEqualTo("{\"id\":\"d1\",\"moduleId\":\"m1\",\"importMode\":\"delete\"}");
        assertThat(BulkEntry.updateTwin(D1_TWIN, TwinUpdate.tags("{\"a\":1}"), TAG)
                        .json())
                .isEqualTo("{\"id\":\"d1\",\"importMode\":\"updateTwinIfMatchETag\",\"tags\":{\"a\":1},"
                        + "\"twinETag\":\"MQ==\"}");
        assertThat(BulkEntry.parse("{\"id\":\"d1\",\"future\":1}")
                        .withImportMode("create")
                        .json())
                .isEqualTo("{\"id\":\"d1\",\"future\":1,\"importMode\":\"create\"}");
    }

    private static List<BulkEntry> entries(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> BulkEntry.create(Device.of("d" + i)))
                .toList();
    }
}
