package io.hubwire.localhub.broker;

import com.hivemq.bootstrap.netty.ChannelHandlerNames;
import com.hivemq.bootstrap.netty.initializer.AbstractChannelInitializer;
import com.hivemq.configuration.service.entity.TcpListener;
import com.hivemq.extension.sdk.api.client.parameter.ConnectionAttributeStore;
import io.hubwire.localhub.mqtt.ConnectPolicy;
import io.hubwire.protocol.trace.WireTrace;
import io.netty.channel.Channel;

/**
 * Builds the pipeline of an accepted connection: the broker's own, with our {@link Connection} right behind the encoder.
 * How the bytes arrive, and how the {@link io.hubwire.localhub.endpoint.ConnectionFacts} become known, is the subclass's.
 */
abstract class Door extends AbstractChannelInitializer {
    static final String CONNECTION = "hubwire_connection";
    private static final String TRACE = "hubwire_trace";

    private final Broker broker;
    private final Connections connections;
    private final ConnectPolicy policy;
    private final WireTrace trace;

    Door(Broker broker, String name, Connections connections, ConnectPolicy policy, WireTrace trace) {
        super(broker.channelDependencies(), new TcpListener(0, "", name));
        this.broker = broker;
        this.connections = connections;
        this.policy = policy;
        this.trace = trace;
    }

    /** {@link ConnectDeadline}'s job: the broker's time-out starts anew with each byte. */
    @Override
    protected final void addNoConnectIdleHandler(Channel channel) {}

    @Override
    protected final void addSpecialHandlers(Channel channel) {
        broker.accepted(channel);
        Connection connection = new Connection(policy);
        connections.add(channel, connection);
        channel.pipeline()
                .addAfter(ChannelHandlerNames.MQTT_MESSAGE_ENCODER, CONNECTION, connection)
                .addAfter(CONNECTION, "hubwire_connect_deadline", new ConnectDeadline(connection))
                .addAfter(
                        ChannelHandlerNames.MQTT_MESSAGE_BARRIER, "hubwire_publish", new PublishForBroker(connection));
        if (trace != WireTrace.NONE) {
            channel.pipeline()
                    .addBefore(ChannelHandlerNames.MQTT_MESSAGE_DECODER, TRACE, new TraceTap(trace, connection));
        }
        addTransport(channel, connection);
    }

    /** Whether a connection with these attributes is open. */
    final boolean knows(ConnectionAttributeStore attributes) {
        return connections.find(attributes).isPresent();
    }

    /** Puts what carries the bytes in front of the codec, and tells the connection its facts before CONNECT. */
    abstract void addTransport(Channel channel, Connection connection);
}
