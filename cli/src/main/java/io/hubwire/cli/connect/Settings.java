package io.hubwire.cli.connect;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Named values from the environment, else from the env file of a running local hub. The file is read once, when first
 * needed.
 */
public final class Settings {
    private final Map<String, String> environment;
    private final Path userHome;
    private final Path envFilePath;
    private @Nullable Optional<EnvFile> envFile;

    public Settings(Map<String, String> environment, Path userHome) {
        this.environment = Map.copyOf(environment);
        this.userHome = userHome;
        this.envFilePath = EnvFile.defaultPath(environment, userHome);
    }

    /** A device's connection string: from the environment, else as saved by DPS, else the env file's. */
    Optional<String> deviceConnectionString() {
        return Optional.ofNullable(environment.get("IOTHUB_DEVICE_CONNECTION_STRING"))
                .filter(v -> !v.isBlank())
                .or(SavedDevice.at(userHome)::read)
                .or(() -> get("IOTHUB_DEVICE_CONNECTION_STRING"));
    }

    /** The environment's value, else the env file's; blank counts as absent. */
    public Optional<String> get(String name) {
        return Optional.ofNullable(environment.get(name))
                .filter(v -> !v.isBlank())
                .or(() -> envFile().flatMap(f -> f.get(name)));
    }

    /** The env file, if a local hub has left one. */
    public synchronized Optional<EnvFile> envFile() {
        if (envFile == null) {
            envFile = EnvFile.read(envFilePath);
        }
        return envFile;
    }

    /** Where the env file is or would be. */
    public Path envFilePath() {
        return envFilePath;
    }
}
