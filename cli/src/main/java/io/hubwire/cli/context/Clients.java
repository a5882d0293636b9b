package io.hubwire.cli.context;

import io.hubwire.auth.ConnectionString;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.cli.connect.Targets.DeviceTarget;
import io.hubwire.cli.connect.Targets.DpsTarget;
import io.hubwire.cli.connect.Targets.HubTarget;
import io.hubwire.devicehttp.DeviceHttpOptions;
import io.hubwire.devicehttp.HttpDeviceClient;
import io.hubwire.dps.EnrollmentClient;
import io.hubwire.dps.EnrollmentOptions;
import io.hubwire.events.AmqpSettings;
import io.hubwire.events.EventStreamOptions;
import io.hubwire.mqtt.ClientOptions;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.service.ServiceClient;
import io.hubwire.service.ServiceOptions;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Opens clients for the hub and device a command means, with the ports, trust and trace of this run. */
public final class Clients {
    private final CliContext context;

    public Clients(CliContext context) {
        this.context = context;
    }

    /** The back end over HTTPS, at the hub that {@code --hub}, the environment or the env file names. */
    public ServiceClient service() {
        return service(context.hub());
    }

    public ServiceClient service(HubTarget hub) {
        return ServiceClient.open(ServiceOptions.of(hub.connection())
                .https(https -> https.port(hub.endpoints().httpsPort())
                        .trust(hub.endpoints().trust())
                        .trace(context.trace()))
                .build());
    }

    /** The service API of a DPS. @throws InvalidInputException when no service connection string is known */
    public EnrollmentClient enrollments(DpsTarget dps) {
        return EnrollmentClient.open(EnrollmentOptions.of(dps.connection()
                        .orElseThrow(() -> new InvalidInputException(
                                "no DPS service connection string is known; give --dps or DPS_CONNECTION_STRING")))
                .https(https -> https.port(dps.endpoints().httpsPort())
                        .trust(dps.endpoints().trust())
                        .trace(context.trace()))
                .build());
    }

    /**
     * The DPS whose enrollments belong beside a hub's identities: one that was named, else a local hub's own. Null when
     * there is none: a local DPS that happens to run is no part of a hub in the cloud.
     */
    public @Nullable EnrollmentClient enrollmentsBeside(HubTarget hub) {
        boolean named = context.dpsOption() != null || context.environment().get("DPS_CONNECTION_STRING") != null;
        boolean known = named
                || (hub.endpoints().local()
                        && context.targets()
                                .settings()
                                .get("DPS_CONNECTION_STRING")
                                .isPresent());
        return known ? enrollments(context.targets().dps(context.dpsOption(), null, null)) : null;
    }

    /** Port, trust and trace of a hub's AMQP connections. */
    public AmqpSettings amqp(HubTarget hub) {
        return AmqpSettings.defaults()
                .port(hub.endpoints().amqpPort())
                .trust(hub.endpoints().trust())
                .trace(context.trace());
    }

    /** The hub's events, from the end of the log. */
    public EventStreamOptions events(HubTarget hub) {
        return EventStreamOptions.of(hub.connection()).settings(amqp(hub));
    }

    /** Port, trust and trace of a device's client. */
    public ClientOptions.Builder deviceOptions(DeviceTarget device) {
        return ClientOptions.builder()
                .port(device.endpoints().mqttPort())
                .httpsPort(device.endpoints().httpsPort())
                .trust(device.endpoints().trust())
                .trace(context.trace());
    }

    /** A device or module over HTTPS, with the port, trust and trace of this run. */
    public HttpDeviceClient deviceOverHttp(DeviceTarget device) {
        return HttpDeviceClient.open(DeviceHttpOptions.of(device.connection())
                .https(https -> https.port(device.endpoints().httpsPort())
                        .trust(device.endpoints().trust())
                        .trace(context.trace()))
                .build());
    }

    /**
     * The device or module a command speaks for: its own connection string, else {@code -d}, whose key the registry tells,
     * else the environment.
     *
     * @throws InvalidInputException when the registry holds no key, since the identity shows a certificate
     */
    public DeviceTarget device(
            @Nullable String connectionOption, @Nullable String deviceId, @Nullable String moduleId) {
        if (connectionOption != null || deviceId == null) {
            return context.targets().device(connectionOption);
        }
        HubTarget hub = context.hub();
        Identity identity = moduleId == null ? Identity.device(deviceId) : Identity.module(deviceId, moduleId);
        return context.targets().deviceOf(connectionString(hub, identity));
    }

    /** The connection string of an identity, put together from the registry. */
    public ConnectionString connectionString(HubTarget hub, Identity identity) {
        try (ServiceClient service = service(hub)) {
            Optional<SymmetricKey> key = identity.isModule()
                    ? service.registry().blocking().getModule(identity).primaryKey()
                    : service.registry().blocking().get(identity.device()).primaryKey();
            return ConnectionString.ofIdentity(
                    hub.host(),
                    identity,
                    key.orElseThrow(() -> new InvalidInputException("identity [" + identity
                            + "] has no symmetric key in the registry; it authenticates with a certificate")));
        }
    }
}
