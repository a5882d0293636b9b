package io.hubwire.events;

import io.hubwire.auth.ConnectionString;
import io.hubwire.auth.EventHubConnectionString;
import io.hubwire.auth.TlsTrust;
import io.hubwire.localhub.LocalHub;
import io.hubwire.localhub.LocalHubOptions;
import io.hubwire.localhub.engine.EventLog.Incoming;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.json.Json;
import io.hubwire.protocol.time.FakeTime;
import java.time.Duration;
import java.util.Map;
import java.util.function.UnaryOperator;

/** A real local hub on free ports, and what a back end needs to reach it. */
final class HubFixture implements AutoCloseable {
    final LocalHub hub;
    final ConnectionString service;

    HubFixture() {
        this(options -> options);
    }

    /** A hub that lives in a time of the test's. */
    HubFixture(FakeTime time) {
        this(options -> options.time(time, time));
    }

    private HubFixture(UnaryOperator<LocalHubOptions.Builder> change) {
        hub = LocalHub.start(
                change.apply(LocalHubOptions.builder().amqpPlainPort(0)).build());
        service = ConnectionString.parseService(hub.connectionString("service"));
    }

    AmqpSettings settings() {
        return AmqpSettings.defaults()
                .port(hub.amqpPort())
                .trust(TlsTrust.pem(hub.caFile()))
                .timeout(Duration.ofSeconds(10));
    }

    EventStreamOptions viaHub() {
        return EventStreamOptions.of(service).settings(settings()).from(StartPosition.earliest());
    }

    EventStreamOptions viaEndpoint() {
        return EventStreamOptions.of(EventHubConnectionString.parse(hub.eventHubConnectionString()))
                .settings(settings())
                .from(StartPosition.earliest());
    }

    Identity device(String id) {
        Identity device = Identity.device(id);
        hub.engine().registry().create(device, Json.parseObject("test", "{}"));
        return device;
    }

    /** Stores an event as the MQTT endpoint would. */
    void telemetry(String deviceId, Message message) {
        hub.engine()
                .events()
                .append(
                        new Incoming(Identity.device(deviceId), message, Map.of("iothub-message-source", "Telemetry")),
                        () -> {});
    }

    void telemetry(String deviceId, String text) {
        telemetry(deviceId, Message.of(text));
    }

    @Override
    public void close() {
        hub.close();
    }
}
