package io.hubwire.localhub.amqp;

import java.util.LinkedHashSet;
import java.util.OptionalInt;
import java.util.Set;

/**
 * How the AMQP endpoint listens.
 *
 * @param port for TLS, 0 for any free one
 * @param plainPort for plain TCP on loopback, as the Event Hubs clients' {@code UseDevelopmentEmulator=true} wants it; 0 for
 *     any free one, empty for none
 * @param advertisedPort the port that readers of events are sent to, where they reach {@code port} by another one, as with a
 *     container's; empty where they do not
 * @param consumerGroups the groups readers may name, in any case; {@code $Default} is always among them
 */
public record AmqpOptions(int port, OptionalInt plainPort, OptionalInt advertisedPort, Set<String> consumerGroups) {
    /** The port of AMQP over TLS. */
    public static final int DEFAULT_PORT = 5671;
    /** Where Event Hubs clients expect an emulator. */
    public static final int DEFAULT_PLAIN_PORT = 5672;
    /** The consumer group every event hub has. */
    public static final String DEFAULT_CONSUMER_GROUP = "$Default";

    private static final Set<String> READY_MADE = Set.of("cg1", "cg2", "cg3");

    /**
     * Copies the groups and adds {@code $Default}.
     *
     * @throws IllegalArgumentException when the advertised port is none a peer could call
     */
    public AmqpOptions {
        if (advertisedPort.isPresent() && (advertisedPort.getAsInt() < 1 || advertisedPort.getAsInt() > 65_535)) {
            throw new IllegalArgumentException(
                    "advertised port [" + advertisedPort.getAsInt() + "] must be 1 to 65535");
        }
        Set<String> groups = new LinkedHashSet<>();
        groups.add(DEFAULT_CONSUMER_GROUP);
        groups.addAll(consumerGroups);
        consumerGroups = Set.copyOf(groups);
    }

    /** TLS on {@code port} only; consumer groups {@code $Default}, {@code cg1}, {@code cg2} and {@code cg3}. */
    public static AmqpOptions tls(int port) {
        return new AmqpOptions(port, OptionalInt.empty(), OptionalInt.empty(), READY_MADE);
    }

    /** The same with another TLS port. @param newPort 0 for any free one */
    public AmqpOptions withPort(int newPort) {
        return new AmqpOptions(newPort, plainPort, advertisedPort, consumerGroups);
    }

    /** The same with a plain port on loopback. @param plainPort 0 for any free one */
    public AmqpOptions withPlainPort(int plainPort) {
        return new AmqpOptions(port, OptionalInt.of(plainPort), advertisedPort, consumerGroups);
    }

    /** The same, but readers are sent to another port than the hub listens on. @param port 1 to 65535 */
    public AmqpOptions withAdvertisedPort(int port) {
        return new AmqpOptions(this.port, plainPort, OptionalInt.of(port), consumerGroups);
    }

    /** The same with other consumer groups. */
    public AmqpOptions withConsumerGroups(Set<String> groups) {
        return new AmqpOptions(port, plainPort, advertisedPort, groups);
    }
}
