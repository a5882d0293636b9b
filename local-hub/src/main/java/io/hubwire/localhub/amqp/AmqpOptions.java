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
 * @param consumerGroups the groups readers may name, in any case; {@code $Default} is always among them
 */
public record AmqpOptions(int port, OptionalInt plainPort, Set<String> consumerGroups) {
    /** The port of AMQP over TLS. */
    public static final int DEFAULT_PORT = 5671;
    /** Where Event Hubs clients expect an emulator. */
    public static final int DEFAULT_PLAIN_PORT = 5672;
    /** The consumer group every event hub has. */
    public static final String DEFAULT_CONSUMER_GROUP = "$Default";

    private static final Set<String> READY_MADE = Set.of("cg1", "cg2", "cg3");

    /** Copies the groups and adds {@code $Default}. */
    public AmqpOptions {
        Set<String> groups = new LinkedHashSet<>();
        groups.add(DEFAULT_CONSUMER_GROUP);
        groups.addAll(consumerGroups);
        consumerGroups = Set.copyOf(groups);
    }

    /** TLS on {@code port} only; consumer groups {@code $Default}, {@code cg1}, {@code cg2} and {@code cg3}. */
    public static AmqpOptions tls(int port) {
        return new AmqpOptions(port, OptionalInt.empty(), READY_MADE);
    }

    /** The same with another TLS port. @param newPort 0 for any free one */
    public AmqpOptions withPort(int newPort) {
        return new AmqpOptions(newPort, plainPort, consumerGroups);
    }

    /** The same with a plain port on loopback. @param plainPort 0 for any free one */
    public AmqpOptions withPlainPort(int plainPort) {
        return new AmqpOptions(port, OptionalInt.of(plainPort), consumerGroups);
    }

    /** The same with other consumer groups. */
    public AmqpOptions withConsumerGroups(Set<String> groups) {
        return new AmqpOptions(port, plainPort, groups);
    }
}
