package io.hubwire.localhub.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.auth.SasToken;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.localhub.store.JdbcStore;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.json.Json;
import io.hubwire.protocol.time.FakeTime;
import io.hubwire.protocol.trace.WireTrace;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;

/** An engine on time that stands still, with a store in memory. */
final class TestHub implements AutoCloseable {
    static final String HOST = "hub.example-devices.net";
    static final HubNames NAMES = new HubNames(List.of(HOST, "localhost", "127.0.0.1"), "events", "0ne00111111");
    static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    final FakeTime time;
    final JdbcStore store = JdbcStore.inMemory();
    final HubEngine engine;

    TestHub() {
        this(options -> options);
    }

    TestHub(UnaryOperator<EngineOptions> change) {
        this(change.apply(EngineOptions.of(NAMES)), new FakeTime(START), AllocationWebhook.NONE);
    }

    /** A hub beside another one, on the same time. */
    TestHub(EngineOptions options, FakeTime time, AllocationWebhook webhook) {
        this.time = time;
        engine = new HubEngine(options, store, time, time, new Random(42), WireTrace.NONE, webhook);
    }

    /** Registers a device that has keys. */
    Identity device(String id) {
        Identity device = Identity.device(id);
        engine.registry().create(device, json("{}"));
        return device;
    }

    Identity module(String deviceId, String moduleId) {
        Identity module = Identity.module(deviceId, moduleId);
        engine.registry().create(module, json("{}"));
        return module;
    }

    SymmetricKey primaryKey(Identity identity) {
        return SymmetricKey.ofBase64(engine.registry()
                .get(identity)
                .at("/authentication/symmetricKey/primaryKey")
                .asText());
    }

    /** A token as a device makes it, good for an hour. */
    AccessControl.Credentials.Sas token(Identity identity) {
        return new AccessControl.Credentials.Sas(SasToken.sign(
                        HOST + "/" + identity.resource(),
                        primaryKey(identity),
                        time.instant().plus(Duration.ofHours(1)),
                        null)
                .text());
    }

    FakeSession connect(Identity identity) {
        FakeSession session = new FakeSession(identity);
        engine.sessions().opened(session);
        return session;
    }

    static ObjectNode json(String text) {
        return Json.parseObject("test", text.replace('\'', '"'));
    }

    @Override
    public void close() {
        engine.close();
        store.close();
    }
}
