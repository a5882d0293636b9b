package io.hubwire.cli.hub;

import io.hubwire.cli.connect.Endpoints;
import io.hubwire.protocol.InvalidInputException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** On which ports a hub listens: each by the global options, the others by one of two words. */
final class PortChoice {
    @Option(names = "--azure-ports", description = "8883, 443 and 5671, which most official SDKs insist on.")
    boolean azure;

    @Option(names = "--free-ports", description = "Any free ports; the env file and the banner tell which.")
    boolean free;

    @Option(
            names = "--amqp-plain-port",
            paramLabel = "PORT",
            description = "AMQP without TLS as well, on loopback, for UseDevelopmentEmulator=true; 0 is any free one.")
    @Nullable
    Integer amqpPlain;

    int mqttPort(Endpoints.Overrides asked) {
        return choose("--mqtt-port", asked.mqttPort(), 8883, 8883);
    }

    int httpsPort(Endpoints.Overrides asked) {
        return choose("--https-port", asked.httpsPort(), 8443, 443);
    }

    int amqpPort(Endpoints.Overrides asked) {
        return choose("--amqp-port", asked.amqpPort(), 5671, 5671);
    }

    private int choose(String option, @Nullable Integer asked, int usual, int azures) {
        if (azure && free) {
            throw new InvalidInputException("--azure-ports and --free-ports contradict each other; give one of them");
        }
        if (asked != null) {
            if (asked < 0 || asked > 65_535) {
                throw new InvalidInputException(option + " [" + asked + "] is out of range; ports are 0 to 65535");
            }
            return asked;
        }
        return free ? 0 : azure ? azures : usual;
    }
}
