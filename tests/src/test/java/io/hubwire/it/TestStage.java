package io.hubwire.it;

import io.hubwire.auth.ConnectionString;
import io.hubwire.auth.TlsTrust;
import io.hubwire.cli.connect.Endpoints;
import io.hubwire.cli.connect.Settings;
import io.hubwire.cli.connect.Targets;
import io.hubwire.cli.connect.Targets.DpsTarget;
import io.hubwire.cli.connect.Targets.HubTarget;
import io.hubwire.cli.tour.Stage;
import io.hubwire.https.ScheduledTimer;
import io.hubwire.localhub.LocalHub;
import io.hubwire.protocol.trace.WireTrace;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * The hub that whole-system tests run on: a local one, or the real one that {@code IOTHUB_CONNECTION_STRING} (with {@code
 * DPS_CONNECTION_STRING} and {@code DPS_ID_SCOPE}) names, on ports 8883, 443 and 5671.
 */
final class TestStage implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ScheduledTimer timer = new ScheduledTimer("test-stage");
    private final LocalHub local;
    private final Stage stage;

    private TestStage(LocalHub local, String label, HubTarget hub, DpsTarget dps) {
        this.local = local;
        SecureRandom random = new SecureRandom();
        byte[] suffix = new byte[3];
        random.nextBytes(suffix);
        this.stage = new Stage(
                label,
                hub,
                dps,
                "hubwire-it-" + HexFormat.of().formatHex(suffix) + "-",
                PATIENCE,
                Clock.systemUTC(),
                timer,
                random,
                WireTrace.NONE);
    }

    static TestStage open() {
        return open(System.getenv());
    }

    static TestStage open(Map<String, String> environment) {
        if (environment.getOrDefault("IOTHUB_CONNECTION_STRING", "").isBlank()) {
            return embedded();
        }
        // no env file of a local hub: a real hub is addressed as the environment says, and in no other way
        Targets targets = new Targets(new Settings(environment, Path.of("does-not-exist")), Endpoints.Overrides.NONE);
        return new TestStage(null, targets.hub(null).host(), targets.hub(null), targets.dps(null, null, null));
    }

    private static TestStage embedded() {
        LocalHub hub = LocalHub.start();
        Endpoints endpoints =
                new Endpoints(hub.mqttPort(), hub.httpsPort(), hub.amqpPort(), TlsTrust.pem(hub.caFile()), true);
        return new TestStage(
                hub,
                "embedded",
                new HubTarget(ConnectionString.parse(hub.connectionString("iothubowner")), endpoints),
                new DpsTarget(
                        hub.host(),
                        Optional.of(ConnectionString.parse(hub.dpsConnectionString())),
                        Optional.of(hub.idScope()),
                        endpoints));
    }

    Stage stage() {
        return stage;
    }

    @Override
    public void close() {
        timer.close();
        if (local != null) {
            local.close();
        }
    }
}
