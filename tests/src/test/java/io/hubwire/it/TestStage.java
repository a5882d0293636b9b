package io.hubwire.it;

import io.hubwire.auth.ConnectionString;
import io.hubwire.auth.TlsTrust;
import io.hubwire.cli.connect.Endpoints;
import io.hubwire.cli.connect.Settings;
import io.hubwire.cli.connect.Targets;
import io.hubwire.cli.connect.Targets.DpsTarget;
import io.hubwire.cli.connect.Targets.HubTarget;
import io.hubwire.cli.tour.Stage;
import io.hubwire.container.HubwireContainer;
import io.hubwire.events.AmqpSettings;
import io.hubwire.https.ScheduledTimer;
import io.hubwire.localhub.LocalHub;
import io.hubwire.protocol.DeviceId;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.trace.WireTrace;
import io.hubwire.service.Device;
import io.hubwire.service.IfMatch;
import io.hubwire.service.ServiceClient;
import io.hubwire.service.ServiceOptions;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.utility.DockerImageName;

/**
 * The hub that whole-system tests run on. With {@code -Pcontainer} one in a container, in the image that {@code
 * HUBWIRE_TEST_IMAGE} names, or in the public one; where there is no container engine, the tests are skipped. Otherwise the
 * one that {@code IOTHUB_CONNECTION_STRING} (with {@code DPS_CONNECTION_STRING} and {@code DPS_ID_SCOPE}) names, on ports
 * 8883, 443 and 5671; {@code HUBWIRE_TEST_CA_FILE} adds roots to trust. Otherwise an embedded one. Every name begins with a
 * prefix of its own, and what was made through {@link #device} is deleted on close.
 */
final class TestStage implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final ScheduledTimer timer = new ScheduledTimer("test-stage");
    private final AutoCloseable local;
    private final Stage stage;
    private final List<DeviceId> made = new CopyOnWriteArrayList<>();
    private ServiceClient service;

    private TestStage(AutoCloseable local, String label, HubTarget hub, DpsTarget dps) {
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
        return wantsContainer() ? inContainer() : open(System.getenv());
    }

    private static boolean wantsContainer() {
        return "container".equals(System.getProperty("hubwire.test.hub"));
    }

    /** What is missing for a stage; see {@link NeedsHub}. @param dps whether it must have a DPS */
    static Optional<String> missing(boolean dps) {
        if (wantsContainer()) {
            return DockerClientFactory.instance().isDockerAvailable()
                    ? Optional.empty()
                    : Optional.of("no container engine; tests/container/run brings one where it can");
        }
        boolean ofSomebody = isSet("IOTHUB_CONNECTION_STRING");
        return dps && ofSomebody && !isSet("DPS_CONNECTION_STRING")
                ? Optional.of("DPS_CONNECTION_STRING and DPS_ID_SCOPE are not set")
                : Optional.empty();
    }

    private static boolean isSet(String variable) {
        return !System.getenv().getOrDefault(variable, "").isBlank();
    }

    static TestStage open(Map<String, String> environment) {
        if (environment.getOrDefault("IOTHUB_CONNECTION_STRING", "").isBlank()) {
            return embedded();
        }
        String caFile = environment.getOrDefault("HUBWIRE_TEST_CA_FILE", "");
        Endpoints.Overrides overrides =
                new Endpoints.Overrides(null, null, null, caFile.isBlank() ? null : Path.of(caFile));
        // no env file of a local hub: a real hub is addressed as the environment says, and in no other way
        Targets targets = new Targets(new Settings(environment, Path.of("does-not-exist")), overrides);
        boolean hasDps = !environment.getOrDefault("DPS_CONNECTION_STRING", "").isBlank();
        DpsTarget dps = hasDps
                ? targets.dps(null, null, null)
                : new DpsTarget(
                        "no-dps",
                        Optional.empty(),
                        Optional.empty(),
                        targets.hub(null).endpoints());
        return new TestStage(null, targets.hub(null).host(), targets.hub(null), dps);
    }

    /** Whether files can be uploaded: a real hub needs a storage account for it, so it must be asked for. */
    boolean hasFiles() {
        return local != null || "1".equals(System.getenv("HUBWIRE_TEST_FILE_UPLOAD"));
    }

    Endpoints endpoints() {
        return stage.hub().endpoints();
    }

    ConnectionString owner() {
        return stage.hub().connection();
    }

    AmqpSettings amqp() {
        return AmqpSettings.defaults()
                .port(endpoints().amqpPort())
                .trust(endpoints().trust());
    }

    /** The back end; the stage closes it. */
    synchronized ServiceClient service() {
        if (service == null) {
            service = ServiceClient.open(ServiceOptions.of(owner())
                    .https(https -> https.port(endpoints().httpsPort())
                            .trust(endpoints().trust()))
                    .build());
        }
        return service;
    }

    /** A new device with keys, deleted when the stage closes. @return its connection string */
    ConnectionString device(String name) {
        Device made = service().registry().blocking().create(Device.of(stage.prefix() + name));
        this.made.add(made.id());
        return ConnectionString.ofIdentity(
                owner().hostName(),
                new Identity(made.id(), null),
                made.primaryKey().orElseThrow());
    }

    private static TestStage embedded() {
        LocalHub hub = LocalHub.start();
        return local(
                hub,
                "embedded",
                hub.connectionString("iothubowner"),
                hub.dpsConnectionString(),
                hub.idScope(),
                new Endpoints(hub.mqttPort(), hub.httpsPort(), hub.amqpPort(), TlsTrust.pem(hub.caFile()), true));
    }

    private static TestStage inContainer() {
        HubwireContainer hub = container();
        hub.start();
        return local(
                hub,
                "container",
                hub.connectionString("iothubowner"),
                hub.dpsConnectionString(),
                hub.idScope(),
                new Endpoints(hub.mqttPort(), hub.httpsPort(), hub.amqpPort(), TlsTrust.pem(hub.caFile()), true));
    }

    /** One in the image that the environment names, not started. */
    static HubwireContainer container() {
        String image = System.getenv().getOrDefault("HUBWIRE_TEST_IMAGE", "");
        return image.isBlank() ? new HubwireContainer() : new HubwireContainer(DockerImageName.parse(image));
    }

    private static TestStage local(
            AutoCloseable hub, String label, String owner, String dps, String idScope, Endpoints endpoints) {
        ConnectionString hubOwner = ConnectionString.parse(owner);
        return new TestStage(
                hub,
                label,
                new HubTarget(hubOwner, endpoints),
                new DpsTarget(
                        hubOwner.hostName(),
                        Optional.of(ConnectionString.parse(dps)),
                        Optional.of(idScope),
                        endpoints));
    }

    Stage stage() {
        return stage;
    }

    /** Deletes what was made, whatever became of it. */
    @Override
    public void close() throws Exception {
        if (service != null) {
            for (DeviceId id : made) {
                try {
                    service.registry().blocking().delete(id, IfMatch.ANY);
                } catch (HubwireException e) {
                    if (e.code() != ErrorCode.NOT_FOUND) {
                        throw e;
                    }
                }
            }
            service.close();
        }
        timer.close();
        if (local != null) {
            local.close();
        }
    }
}
