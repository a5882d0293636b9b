package io.hubwire.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.hubwire.auth.ConnectionString;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.devicehttp.DeviceHttpOptions;
import io.hubwire.devicehttp.HttpDeviceClient;
import io.hubwire.devicehttp.LockedMessage;
import io.hubwire.devicehttp.Settlement;
import io.hubwire.devicehttp.UploadOptions;
import io.hubwire.events.C2dSender;
import io.hubwire.events.Event;
import io.hubwire.events.EventStream;
import io.hubwire.events.EventStreamOptions;
import io.hubwire.events.StartPosition;
import io.hubwire.mqtt.ClientOptions;
import io.hubwire.mqtt.DeviceClient;
import io.hubwire.mqtt.MethodResponse;
import io.hubwire.mqtt.Transport;
import io.hubwire.protocol.DeviceId;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import io.hubwire.service.Device;
import io.hubwire.service.IfMatch;
import io.hubwire.service.MethodCall;
import io.hubwire.service.MethodResult;
import io.hubwire.service.Module;
import io.hubwire.service.ServiceClient;
import io.hubwire.service.Twin;
import io.hubwire.service.TwinUpdate;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What holds on every hub, the local one and Azure's. Nothing here knows which one it is: only the public clients are
 * used, waits are those of the Internet, and every device has the stage's prefix and is deleted.
 */
@Tag("any-hub")
@NeedsHub
@Timeout(180)
class AnyHubTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /** How far the clocks of a test machine and of a hub may be apart. */
    private static final Duration CLOCK_TOLERANCE = Duration.ofMinutes(2);

    private static TestStage stage;
    private static ServiceClient hub;

    @TempDir
    private Path folder;

    @BeforeAll
    static void open() {
        stage = TestStage.open();
        hub = stage.service();
    }

    @AfterAll
    static void close() throws Exception {
        stage.close();
    }

    private static DeviceClient client(ConnectionString device, Transport transport) {
        DeviceClient client = DeviceClient.of(
                device,
                ClientOptions.builder()
                        .transport(transport)
                        .port(
                                transport == Transport.WEB_SOCKET
                                        ? stage.endpoints().httpsPort()
                                        : stage.endpoints().mqttPort())
                        .trust(stage.endpoints().trust())
                        .build());
        return client;
    }

    private static HttpDeviceClient http(ConnectionString device) {
        return HttpDeviceClient.open(DeviceHttpOptions.of(device)
                .https(https -> https.port(stage.endpoints().httpsPort())
                        .trust(stage.endpoints().trust()))
                .build());
    }

    private static Identity identity(ConnectionString device) {
        return device.identity().orElseThrow();
    }

    private static void refuses(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(HubwireException.class, e -> assertThat(e.code())
                .isEqualTo(code));
    }

    @Test
    void identities_and_modules_live_from_creation_to_deletion() {
        ConnectionString device = stage.device("life");
        DeviceId id = identity(device).device();
        refuses(ErrorCode.CONFLICT, () -> hub.registry().blocking().create(Device.of(id.value())));
        Device made = hub.registry().blocking().get(id);
        Module module = hub.registry()
                .blocking()
                .createModule(Module.builder(id.value(), "m1").build());
        assertThat(hub.registry().blocking().listModules(id))
                .extracting(Module::identity)
                .containsExactly(module.identity());
        hub.registry().blocking().deleteModule(module.identity(), IfMatch.ANY);
        refuses(ErrorCode.PRECONDITION_FAILED, () -> hub.registry().blocking().delete(id, IfMatch.of("bm90IHRoaXM=")));
        assertThat(hub.registry().blocking().get(id).etag()).isEqualTo(made.etag());
        hub.registry().blocking().delete(id, IfMatch.ANY);
        refuses(ErrorCode.NOT_FOUND, () -> hub.registry().blocking().get(id));
    }

    @Test
    void telemetry_of_every_transport_is_read_with_its_properties() {
        ConnectionString device = stage.device("telemetry");
        Instant start = Instant.now().minus(CLOCK_TOLERANCE);
        try (DeviceClient mqtt = client(device, Transport.TCP)) {
            mqtt.blocking().connect();
            mqtt.blocking().send(event("by-mqtt"));
        }
        try (DeviceClient webSocket = client(device, Transport.WEB_SOCKET)) {
            webSocket.blocking().connect();
            webSocket.blocking().send(event("by-web-socket"));
        }
        try (HttpDeviceClient http = http(device)) {
            http.blocking().send(event("by-http"));
        }
        Map<String, Event> read = new HashMap<>();
        try (EventStream events = EventStream.open(
                EventStreamOptions.of(stage.owner()).settings(stage.amqp()).from(StartPosition.after(start)))) {
            await().atMost(PATIENCE).until(() -> {
                events.next(Duration.ofSeconds(1))
                        .filter(event -> event.source().equals(device.identity()))
                        .ifPresent(event -> read.put(event.message().messageId().orElse(""), event));
                return read.size() == 3;
            });
        }
        assertThat(read).containsOnlyKeys("by-mqtt", "by-web-socket", "by-http");
        assertThat(read.values()).allSatisfy(event -> {
            assertThat(event.message().text()).isEqualTo("{\"temp\":21}");
            assertThat(event.message().properties()).containsEntry("alert", "a & b = c; 100%");
        });
        assertThat(read.values())
                .extracting(Event::partition)
                .containsOnly(read.get("by-http").partition());
    }

    private static Message event(String id) {
        return Message.builder("{\"temp\":21}")
                .messageId(id)
                .contentType("application/json")
                .contentEncoding("utf-8")
                .property("alert", "a & b = c; 100%")
                .build();
    }

    @Test
    void a_twin_is_seen_and_changed_from_both_sides() throws Exception {
        ConnectionString device = stage.device("twin");
        Identity id = identity(device);
        BlockingQueue<String> desired = new LinkedBlockingQueue<>();
        try (DeviceClient client = client(device, Transport.TCP)) {
            client.blocking().connect();
            client.onDesired(update -> desired.add(update.json())).get(30, TimeUnit.SECONDS);
            client.blocking().report("{\"version\":\"1.0\",\"parts\":{\"fan\":true}}");
            client.blocking().report("{\"parts\":{\"fan\":null,\"lamp\":1}}");
            Twin before = hub.twins().blocking().get(id);
            assertThat(before.reported().path("parts")).hasToString("{\"lamp\":1}");
            hub.twins().blocking().patch(id, TwinUpdate.tags("{\"floor\":2}"), IfMatch.ANY);
            refuses(ErrorCode.PRECONDITION_FAILED, () -> hub.twins()
                    .blocking()
                    .patch(
                            id,
                            TwinUpdate.desired("{\"x\":1}"),
                            IfMatch.of(before.etag().orElseThrow())));
            hub.twins().blocking().patch(id, TwinUpdate.desired("{\"speed\":7}"), IfMatch.ANY);
            await().atMost(PATIENCE).until(() -> desired.stream().anyMatch(json -> json.contains("\"speed\":7")));
            assertThat(client.blocking().twin().desired().json()).contains("\"speed\":7");
            assertThat(client.blocking().twin().reported().json()).contains("\"lamp\":1");
        }
        // queries may lag behind on a real hub
        String query = "SELECT * FROM devices WHERE deviceId = '" + id.deviceId() + "' AND tags.floor = 2";
        await().atMost(PATIENCE)
                .until(() -> hub.queries().blocking().stream(query).count() == 1);
    }

    @Test
    void a_method_is_answered_over_both_transports_and_not_by_a_device_that_is_away() throws Exception {
        for (Transport transport : Transport.values()) {
            ConnectionString device = stage.device("method-" + transport.name().toLowerCase(Locale.ROOT));
            MethodCall call = MethodCall.of("add")
                    .payload("{\"a\":1}")
                    .responseTimeout(Duration.ofSeconds(20))
                    .build();
            refuses(ErrorCode.DEVICE_OFFLINE, () -> hub.methods().blocking().invoke(identity(device), call));
            try (DeviceClient client = client(device, transport)) {
                client.blocking().connect();
                client.onMethod("add", request -> new MethodResponse(207, request.payload()))
                        .get(30, TimeUnit.SECONDS);
                assertThat(hub.methods().blocking().invoke(identity(device), call))
                        .isEqualTo(new MethodResult(207, "{\"a\":1}"));
            }
        }
    }

    @Test
    void messages_to_a_device_come_over_mqtt_and_https_and_are_settled() throws Exception {
        ConnectionString device = stage.device("c2d");
        BlockingQueue<Message> received = new LinkedBlockingQueue<>();
        try (DeviceClient client = client(device, Transport.TCP);
                C2dSender amqp = C2dSender.open(stage.owner(), stage.amqp())) {
            client.blocking().connect();
            client.onMessage(message -> received.add(message.message())).get(30, TimeUnit.SECONDS);
            amqp.blocking().send(identity(device), event("by-amqp"));
            Message message = received.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(message).isNotNull();
            assertThat(message.messageId()).contains("by-amqp");
            assertThat(message.properties()).containsEntry("alert", "a & b = c; 100%");
            refuses(ErrorCode.NOT_FOUND, () -> amqp.blocking()
                    .send(Identity.device(identity(device).deviceId() + "-not-there"), event("lost")));
        }
        hub.c2d().blocking().send(identity(device).device(), event("by-rest"));
        try (HttpDeviceClient http = http(device)) {
            LockedMessage first = next(http);
            assertThat(first.message().messageId()).contains("by-rest");
            http.blocking().settle(first.lockToken(), Settlement.ABANDON);
            LockedMessage second = next(http);
            assertThat(second.deliveryCount()).isEqualTo(1);
            http.blocking().settle(second.lockToken(), Settlement.COMPLETE);
            refuses(ErrorCode.PRECONDITION_FAILED, () -> http.blocking()
                    .settle(second.lockToken(), Settlement.COMPLETE));
            assertThat(http.blocking().receive()).isEmpty();
        }
    }

    private static LockedMessage next(HttpDeviceClient http) {
        Optional<LockedMessage> next =
                await().atMost(PATIENCE).until(() -> http.blocking().receive(), Optional::isPresent);
        return next.orElseThrow();
    }

    @Test
    void a_wrong_key_is_refused_everywhere() {
        ConnectionString device = stage.device("stranger");
        ConnectionString wrong =
                ConnectionString.ofIdentity(device.hostName(), identity(device), SymmetricKey.ofBytes(new byte[32]));
        for (Transport transport : Transport.values()) {
            try (DeviceClient client = client(wrong, transport)) {
                refuses(ErrorCode.UNAUTHORIZED, () -> client.blocking().connect());
            }
        }
        try (HttpDeviceClient http = http(wrong)) {
            refuses(ErrorCode.UNAUTHORIZED, () -> http.blocking().send(event("never")));
        }
    }

    @Test
    void a_file_is_uploaded() throws Exception {
        assumeTrue(
                stage.hasFiles(),
                "a hub without a storage account cannot take files; HUBWIRE_TEST_FILE_UPLOAD=1 says it can");
        ConnectionString device = stage.device("files");
        Path file = folder.resolve("a.txt");
        Files.writeString(file, "hello");
        try (HttpDeviceClient http = http(device)) {
            assertThat(http.files()
                            .blocking()
                            .upload(file, "a.txt", UploadOptions.defaults())
                            .blobName())
                    .endsWith("a.txt");
        }
    }
}
