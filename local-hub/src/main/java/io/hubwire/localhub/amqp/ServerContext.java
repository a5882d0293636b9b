package io.hubwire.localhub.amqp;

import io.hubwire.localhub.engine.Hub;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;

/**
 * What all AMQP connections of a hub share.
 *
 * @param consumerGroups groups that exist
 * @param redirectPort the port readers are sent to, 1 to 65535
 * @param createdAt told as the event hub's age
 */
record ServerContext(Hub hub, Readers readers, Set<String> consumerGroups, int redirectPort, Instant createdAt) {
    ServerContext {
        consumerGroups = Set.copyOf(consumerGroups);
    }

    boolean hasConsumerGroup(String name) {
        return consumerGroups.stream().anyMatch(name::equalsIgnoreCase);
    }

    /** Whether this is the name of the built-in endpoint's event hub. */
    boolean isEntity(String name) {
        return hub.names().eventEntity().toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT));
    }
}
