package io.hubwire.mqtt;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.auth.ConnectionString;
import io.hubwire.auth.TlsTrust;
import io.hubwire.localhub.LocalHub;
import io.hubwire.localhub.engine.DirectMethods;
import io.hubwire.localhub.engine.ETagMatch;
import io.hubwire.localhub.engine.EventLog;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** What tests have in common that let a client talk to a real hub: one hub a class, one device a test. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
abstract class LocalHubTest {
    private static final AtomicInteger NUMBER = new AtomicInteger();
    static LocalHub hub;

    final Identity identity = Identity.device("device-" + NUMBER.incrementAndGet());
    private final List<AutoCloseable> toClose = new ArrayList<>();

    @BeforeAll
    static void startHub() {
        hub = LocalHub.start();
    }

    @AfterAll
    static void stopHub() {
        hub.close();
    }

    @BeforeEach
    void register() {
        hub.engine().registry().create(identity, Json.object());
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable each : toClose) {
            each.close();
        }
    }

    /** Options that find the hub. */
    static ClientOptions.Builder options() {
        return ClientOptions.builder()
                .port(hub.mqttPort())
                .trust(TlsTrust.pem(hub.caFile()))
                .requestTimeout(Duration.ofSeconds(10));
    }

    static HubAddress address() {
        return HubAddress.of(hub.host());
    }

    /** Closed after the test. */
    <T extends AutoCloseable> T closing(T client) {
        toClose.add(client);
        return client;
    }

    DeviceClient device() {
        return device(options -> {});
    }

    DeviceClient device(Consumer<ClientOptions.Builder> changes) {
        return device(ConnectionString.parse(hub.deviceConnectionString(identity.deviceId())), changes);
    }

    DeviceClient device(ConnectionString connection, Consumer<ClientOptions.Builder> changes) {
        ClientOptions.Builder options = options();
        changes.accept(options);
        return closing(DeviceClient.of(connection, options.build()));
    }

    /** Calls a method from the back end; the answer as status, blank, payload. */
    static String invoke(Identity whom, String name, String payload) {
        DirectMethods.Result result = hub.engine()
                .methods()
                .invoke(
                        whom,
                        new DirectMethods.Call(
                                name, payload.getBytes(StandardCharsets.UTF_8), Duration.ofSeconds(10), Duration.ZERO))
                .join();
        return result.status() + " " + new String(result.payload(), StandardCharsets.UTF_8);
    }

    /** Patches desired properties from the back end. */
    static void desire(Identity whose, String desired) {
        ObjectNode body = Json.object();
        body.putObject("properties").set("desired", Json.parse("desired", desired));
        hub.engine().twins().patch(whose, body, ETagMatch.parse(null));
    }

    /** What the hub has stored of this sender, in order. */
    static List<EventLog.Stored> eventsOf(Identity source) {
        List<EventLog.Stored> events = new ArrayList<>();
        EventLog log = hub.engine().events();
        for (int p = 0; p < log.partitions(); p++) {
            log.read(p, 0, Integer.MAX_VALUE).stream()
                    .filter(e -> e.source().equals(source))
                    .forEach(events::add);
        }
        return events;
    }
}
