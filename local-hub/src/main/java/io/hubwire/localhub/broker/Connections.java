package io.hubwire.localhub.broker;

import com.hivemq.extension.sdk.api.client.parameter.ConnectionAttributeStore;
import com.hivemq.extensions.client.parameter.ConnectionAttributeStoreImpl;
import io.netty.channel.Channel;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The open connections. The broker's SDK tells an extension nothing of the channel it acts on, except what was put into
 * the connection's attributes: so each gets a number when it is accepted.
 */
final class Connections {
    private static final String NUMBER = "hubwire.connection";

    private final Map<String, Connection> open = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();

    /** Numbers a channel that was just accepted; forgets it when it closes. */
    void add(Channel channel, Connection connection) {
        String number = Long.toString(numbers.incrementAndGet());
        open.put(number, connection);
        channel.closeFuture().addListener(closed -> open.remove(number));
        new ConnectionAttributeStoreImpl(channel).putAsString(NUMBER, number);
    }

    /** Whether a connection with these attributes came by one of the hub's doors, be it open or not. */
    boolean areOurs(ConnectionAttributeStore attributes) {
        return attributes.getAsString(NUMBER).isPresent();
    }

    /** The connection with these attributes, while it is open. */
    Optional<Connection> find(ConnectionAttributeStore attributes) {
        return attributes.getAsString(NUMBER).map(open::get);
    }
}
