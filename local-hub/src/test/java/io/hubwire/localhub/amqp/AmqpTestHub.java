package io.hubwire.localhub.amqp;

import io.hubwire.auth.SasToken;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.localhub.engine.EngineOptions;
import io.hubwire.localhub.engine.EventLog.Incoming;
import io.hubwire.localhub.engine.HubEngine;
import io.hubwire.localhub.engine.HubNames;
import io.hubwire.localhub.engine.SharedAccessPolicy;
import io.hubwire.localhub.store.JdbcStore;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.Message;
import io.hubwire.protocol.json.Json;
import io.hubwire.protocol.time.FakeTime;
import io.hubwire.protocol.trace.WireTrace;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** An engine on time that stands still, as the AMQP endpoint sees it. Device {@code dev1} lands in partition 2. */
final class AmqpTestHub implements AutoCloseable {
    static final String HOST = "localhost";
    static final String ENTITY = "events";
    static final String SERVICE_KEY = policy("service").primaryKey().base64();
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    final FakeTime time = new FakeTime(START);
    final List<WireTrace.Event> trace = new ArrayList<>();
    final JdbcStore store = JdbcStore.inMemory();
    final HubEngine engine = new HubEngine(
            EngineOptions.of(new HubNames(List.of(HOST, "127.0.0.1"), ENTITY, "0ne00111111")),
            store,
            time,
            time,
            new Random(42),
            trace::add);
    final ServerContext context =
            new ServerContext(engine, new Readers(), Set.of("$Default", "cg1"), 15671, time.instant());

    Identity device(String id) {
        Identity device = Identity.device(id);
        engine.registry().create(device, Json.parseObject("test", "{}"));
        return device;
    }

    /** A back end without SASL and without a token. */
    WirePeer bare() {
        return new WirePeer(context).open();
    }

    /** A back end logged in by SASL PLAIN with the key of the policy {@code service}. */
    WirePeer trusted() {
        return WirePeer.sasl(context, "PLAIN", "service", SERVICE_KEY).open();
    }

    /** Stores an event as the MQTT endpoint would. */
    void telemetry(String deviceId, String text) {
        engine.events()
                .append(
                        new Incoming(
                                Identity.device(deviceId),
                                Message.builder(text).property("n", text).build(),
                                Map.of("iothub-message-source", "Telemetry")),
                        () -> {});
    }

    /** A token of a policy, good for an hour. @param audience unencoded */
    String token(String policy, String audience) {
        return token(policy, audience, Duration.ofHours(1));
    }

    String token(String policy, String audience, Duration life) {
        SymmetricKey key = policy(policy).primaryKey();
        SymmetricKey signing = audience.startsWith("sb://") ? key.forEventHubs() : key;
        return SasToken.sign(audience, signing, time.instant().plus(life), policy)
                .text();
    }

    static SharedAccessPolicy policy(String name) {
        return SharedAccessPolicy.defaults().stream()
                .filter(p -> p.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Override
    public void close() {
        engine.close();
        store.close();
    }
}
