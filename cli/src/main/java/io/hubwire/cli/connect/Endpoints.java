package io.hubwire.cli.connect;

import io.hubwire.auth.TlsTrust;
import io.hubwire.protocol.InvalidInputException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a hub is reached: ports 1 to 65,535 and whom to trust.
 *
 * @param local whether a running local hub's env file told the ports and the CA
 */
public record Endpoints(int mqttPort, int httpsPort, int amqpPort, TlsTrust trust, boolean local) {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "::1", "[::1]");

    /** Ports and CA as given on the command line; null where the user said nothing. */
    public record Overrides(
            @Nullable Integer mqttPort,
            @Nullable Integer httpsPort,
            @Nullable Integer amqpPort,
            @Nullable Path caFile) {
        public static final Overrides NONE = new Overrides(null, null, null, null);
    }

    /**
     * Options first; then the env file, but only for the host it speaks of or a loopback name, so that a forgotten local hub
     * never redirects a real one; else 8883, 443, 5671 and the platform's trust.
     */
    static Endpoints of(String host, Settings settings, Overrides overrides) {
        Optional<EnvFile> file = settings.envFile().filter(f -> concerns(f, host));
        Integer mqtt = overrides.mqttPort();
        Integer https = overrides.httpsPort();
        Integer amqp = overrides.amqpPort();
        Path ca = overrides.caFile();
        return new Endpoints(
                mqtt != null ? port("--mqtt-port", mqtt) : fromFile(file, "HUBWIRE_MQTT_PORT", 8883),
                https != null ? port("--https-port", https) : fromFile(file, "HUBWIRE_HTTPS_PORT", 443),
                amqp != null ? port("--amqp-port", amqp) : fromFile(file, "HUBWIRE_AMQP_PORT", 5671),
                ca != null
                        ? TlsTrust.pem(ca)
                        : file.flatMap(f -> f.get("HUBWIRE_CA_FILE"))
                                .map(f -> TlsTrust.pem(Path.of(f)))
                                .orElseGet(TlsTrust::platform),
                file.isPresent());
    }

    private static boolean concerns(EnvFile file, String host) {
        String h = host.toLowerCase(Locale.ROOT);
        return LOOPBACK.contains(h)
                || file.get("HUBWIRE_HOST")
                        .filter(own -> own.equalsIgnoreCase(h))
                        .isPresent();
    }

    private static int fromFile(Optional<EnvFile> file, String name, int otherwise) {
        Optional<String> text = file.flatMap(f -> f.get(name));
        if (text.isEmpty()) {
            return otherwise;
        }
        try {
            return port(name, Integer.parseInt(text.get()));
        } catch (NumberFormatException e) {
            throw new InvalidInputException(
                    name + " [" + text.get() + "] in the env file is not a number; ports are 1 to 65535", e);
        }
    }

    private static int port(String name, int value) {
        if (value < 1 || value > 65_535) {
            throw new InvalidInputException(name + " [" + value + "] is out of range; ports are 1 to 65535");
        }
        return value;
    }
}
