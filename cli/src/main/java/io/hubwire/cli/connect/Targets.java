package io.hubwire.cli.connect;

import io.hubwire.auth.ConnectionString;
import io.hubwire.protocol.InvalidInputException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds the hub, device or DPS a command means, by the order that {@code cli.md} promises. */
public final class Targets {
    /** A hub to administer. */
    public record HubTarget(ConnectionString connection, Endpoints endpoints) {
        public String host() {
            return connection.hostName();
        }
    }

    /** A device or module to be. */
    public record DeviceTarget(ConnectionString connection, Endpoints endpoints) {}

    /**
     * A DPS to register at or administer.
     *
     * @param connection service connection string, when one is known
     * @param idScope when one is known
     */
    public record DpsTarget(
            String host, Optional<ConnectionString> connection, Optional<String> idScope, Endpoints endpoints) {}

    private static final String HOW_TO_NAME_A_HUB =
            "start one with 'hubwire hub start', or give --hub or IOTHUB_CONNECTION_STRING";

    private final Settings settings;
    private final Endpoints.Overrides overrides;

    public Targets(Settings settings, Endpoints.Overrides overrides) {
        this.settings = settings;
        this.overrides = overrides;
    }

    public Settings settings() {
        return settings;
    }

    /**
     * @param option value of {@code --hub}: a connection string, {@code local}, or null
     * @throws InvalidInputException when no hub is named anywhere, or the string is malformed
     */
    public HubTarget hub(@Nullable String option) {
        if (option != null && option.equals("local")) {
            EnvFile file = settings.envFile()
                    .orElseThrow(() -> new InvalidInputException("no local hub is running: there is no env file ["
                            + settings.envFilePath() + "]; start one with 'hubwire hub start'"));
            String text = file.get("IOTHUB_CONNECTION_STRING")
                    .orElseThrow(() -> new InvalidInputException(
                            "env file [" + file.path() + "] has no IOTHUB_CONNECTION_STRING"));
            return hubOf(ConnectionString.parseService(text));
        }
        String text = option != null
                ? option
                : settings.get("IOTHUB_CONNECTION_STRING")
                        .orElseThrow(() -> new InvalidInputException("no hub is named; " + HOW_TO_NAME_A_HUB));
        return hubOf(ConnectionString.parseService(text));
    }

    /** Whether a hub is named anywhere. */
    public boolean hasHub(@Nullable String option) {
        return option != null || settings.get("IOTHUB_CONNECTION_STRING").isPresent();
    }

    /**
     * A device by its own connection string.
     *
     * @param option value of {@code --device-connection-string}, or null for {@code IOTHUB_DEVICE_CONNECTION_STRING}
     */
    public DeviceTarget device(@Nullable String option) {
        String text = option != null
                ? option
                : settings.deviceConnectionString()
                        .orElseThrow(() -> new InvalidInputException("no device is named; give -d DEVICE,"
                                + " --device-connection-string or IOTHUB_DEVICE_CONNECTION_STRING"));
        return deviceOf(ConnectionString.parseDevice(text));
    }

    /** A device whose connection string was put together from the registry. */
    public DeviceTarget deviceOf(ConnectionString connection) {
        return new DeviceTarget(connection, Endpoints.of(connection.connectHost(), settings, overrides));
    }

    /** A DPS by {@code --dps}, {@code --dps-host} and {@code --id-scope}, else by environment and env file. */
    public DpsTarget dps(@Nullable String connectionOption, @Nullable String hostOption, @Nullable String scopeOption) {
        Optional<ConnectionString> connection = Optional.ofNullable(connectionOption)
                .or(() -> hostOption == null ? settings.get("DPS_CONNECTION_STRING") : Optional.empty())
                .map(ConnectionString::parseService);
        String host = Optional.ofNullable(hostOption)
                .or(() -> connectionOption == null ? settings.get("DPS_HOST") : Optional.empty())
                .or(() -> connection.map(ConnectionString::hostName))
                .orElseThrow(() -> new InvalidInputException(
                        "no DPS is named; start a local hub, or give --dps-host, DPS_HOST or DPS_CONNECTION_STRING"));
        Optional<String> scope = Optional.ofNullable(scopeOption).or(() -> settings.get("DPS_ID_SCOPE"));
        return new DpsTarget(host, connection, scope, Endpoints.of(host, settings, overrides));
    }

    private HubTarget hubOf(ConnectionString connection) {
        return new HubTarget(connection, Endpoints.of(connection.hostName(), settings, overrides));
    }
}
