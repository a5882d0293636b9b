package io.hubwire.localhub.broker;

import com.google.inject.Injector;
import com.hivemq.HiveMQServer;
import com.hivemq.bootstrap.netty.ChannelDependencies;
import com.hivemq.bootstrap.netty.ChannelHandlerNames;
import com.hivemq.bootstrap.netty.NettyConfiguration;
import com.hivemq.common.shutdown.ShutdownHooks;
import com.hivemq.configuration.service.InternalConfigurations;
import com.hivemq.extension.sdk.api.services.Services;
import io.netty.channel.Channel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HiveMQ whose extension this hub is. It was here before the hub and stays when that is gone; what it does on its own
 * listeners is not changed, only that nobody gets in by them ({@link HubExtension}).
 */
final class SurroundingBroker implements Broker {
    private static final Logger log = LoggerFactory.getLogger(SurroundingBroker.class);
    private static final long CLOSES_WITHIN_MILLIS = 1_000;

    private final ChannelDependencies channelDependencies;
    private final NettyConfiguration netty;
    private final HubDecoders decoders;
    private final HubExtension hub;
    private final boolean deniedUndecided;
    private final ChannelGroup doors = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);

    private SurroundingBroker(Injector parts, HubExtension hub) {
        this.hub = hub;
        channelDependencies = parts.getInstance(ChannelDependencies.class);
        netty = parts.getInstance(NettyConfiguration.class);
        decoders = new HubDecoders(parts);
        deniedUndecided = InternalConfigurations.AUTH_DENY_UNAUTHENTICATED_CONNECTIONS.getAndSet(true);
    }

    /**
     * Finds it; on the thread on which it starts its extensions.
     *
     * @throws IOException when it is not as expected
     */
    static SurroundingBroker find(HubExtension hub) throws IOException {
        SurroundingBroker broker = new SurroundingBroker(parts(), hub);
        BrokerSettings.restrictions(broker.channelDependencies.getConfigurationService())
                .forEach(restriction -> log.warn("the broker's configuration restricts the hub: {}", restriction));
        hub.register();
        return broker;
    }

    /** What runs when the broker stops. */
    static ShutdownHooks shutdownHooks() throws IOException {
        return parts().getInstance(ShutdownHooks.class);
    }

    private static Injector parts() throws IOException {
        BrokerSelfTest.checkVersion(HiveMQServer.class.getPackage());
        return BrokerParts.of(Services.extensionExecutorService());
    }

    @Override
    public ChannelDependencies channelDependencies() {
        return channelDependencies;
    }

    @Override
    public NettyConfiguration netty() {
        return netty;
    }

    @Override
    public void opened(String name, Channel server) {
        doors.add(server);
    }

    @Override
    public void accepted(Channel connection) {
        connections.add(connection);
        connection
                .pipeline()
                .replace(
                        ChannelHandlerNames.MQTT_MESSAGE_DECODER,
                        ChannelHandlerNames.MQTT_MESSAGE_DECODER,
                        decoders.newDecoder());
    }

    @Override
    public void close() {
        hub.retire();
        doors.close().awaitUninterruptibly(CLOSES_WITHIN_MILLIS, TimeUnit.MILLISECONDS);
        if (!connections.close().awaitUninterruptibly(CLOSES_WITHIN_MILLIS, TimeUnit.MILLISECONDS)) {
            log.warn("{} connections did not close within {} ms", connections.size(), CLOSES_WITHIN_MILLIS);
        }
        InternalConfigurations.AUTH_DENY_UNAUTHENTICATED_CONNECTIONS.set(deniedUndecided);
    }
}
