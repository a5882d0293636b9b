package io.hubwire.localhub.broker;

import com.hivemq.bootstrap.netty.ChannelDependencies;
import com.hivemq.bootstrap.netty.NettyConfiguration;
import io.netty.channel.Channel;
import java.io.IOException;

/**
 * A HiveMQ that runs, and what the hub needs of it to open doors of its own. Either the hub's own ({@link EmbeddedBroker})
 * or the one whose extension the hub is ({@link SurroundingBroker}).
 */
interface Broker extends AutoCloseable {
    /** Gets hold of a broker. */
    @FunctionalInterface
    interface Source {
        /**
         * Starts or finds it.
         *
         * @param hub what the broker is to ask about its clients from then on
         * @throws IOException when there is none that can be used
         */
        Broker open(HubExtension hub) throws IOException;
    }

    /** What the broker builds a connection's pipeline from. */
    ChannelDependencies channelDependencies();

    /** The broker's event loops. */
    NettyConfiguration netty();

    /**
     * Takes charge of a server socket: it is closed with the broker.
     *
     * @param name unlike that of any other listener
     */
    void opened(String name, Channel server);

    /**
     * A connection to one of the hub's doors got its pipeline from the broker; gives it what the hub's settings ask for and
     * the broker's do not, and takes charge of it. On the event loop, before the first byte.
     */
    void accepted(Channel connection);

    /** Closes the hub's doors and connections, and the broker if it is the hub's own. Idempotent; never throws. */
    @Override
    void close();
}
