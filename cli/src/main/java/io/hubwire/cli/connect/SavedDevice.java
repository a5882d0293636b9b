package io.hubwire.cli.connect;

import io.hubwire.auth.ConnectionString;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The connection string that {@code dps register --save} keeps for later commands, in {@code ~/.hubwire/device.env}, readable
 * by its owner only. It counts after the environment and before a running local hub's {@code device1}.
 */
public final class SavedDevice {
    private static final String NAME = "IOTHUB_DEVICE_CONNECTION_STRING";

    private final Path path;

    private SavedDevice(Path path) {
        this.path = path;
    }

    public static SavedDevice at(Path userHome) {
        return new SavedDevice(userHome.resolve(".hubwire/device.env"));
    }

    public void write(ConnectionString connection) {
        new EnvFile(path, Map.of(NAME, connection.text())).write();
    }

    Optional<String> read() {
        return EnvFile.read(path).flatMap(file -> file.get(NAME));
    }
}
