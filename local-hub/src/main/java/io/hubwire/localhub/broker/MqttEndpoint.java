package io.hubwire.localhub.broker;

import com.hivemq.bootstrap.netty.NettyConfiguration;
import io.hubwire.localhub.endpoint.ConnectionFacts;
import io.hubwire.localhub.endpoint.Endpoint;
import io.hubwire.localhub.endpoint.EndpointContext;
import io.hubwire.localhub.endpoint.Listener;
import io.hubwire.localhub.endpoint.LoopbackMqtt;
import io.hubwire.localhub.mqtt.ConnectPolicy;
import io.hubwire.protocol.trace.WireTrace;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** MQTT over TLS on HiveMQ, and the loopback listener behind the WebSocket endpoint. */
public final class MqttEndpoint implements Endpoint, LoopbackMqtt {
    private static final int BACKLOG = 1024;
    private static final long BIND_WITHIN_SECONDS = 10;

    private final Broker broker;
    private final LoopbackDoor loopback;
    private final List<NettyListener> listeners;
    private final NettyListener loopbackListener;
    private final AtomicBoolean closed = new AtomicBoolean();

    private MqttEndpoint(EndpointContext context, int port, ConnectPolicy policy, Broker.Source source)
            throws IOException {
        Connections connections = new Connections();
        WireTrace trace = context.hub().trace();
        HubExtension extension = new HubExtension(connections);
        broker = source.open(extension);
        try {
            TlsDoor door = new TlsDoor(broker, context.tls(), connections, policy, trace);
            loopback = new LoopbackDoor(broker, connections, policy, trace);
            BrokerSelfTest.run(new LoopbackDoor(broker, new Connections(), policy, WireTrace.NONE));
            listeners = Listener.openAll(context.addresses(), port, at -> listen(door, at));
            loopbackListener = listen(loopback, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            extension.listensOn(port());
        } catch (IOException | RuntimeException | Error e) {
            broker.close();
            throw e;
        }
    }

    /**
     * Starts a broker in this process and listens.
     *
     * @param port 0 to 65535; 0 means any free one
     * @param policy decides on each CONNECT
     * @param home an empty folder for the broker's working files; the caller's to delete after {@link #close}
     * @throws IOException when the broker does not start, or the port cannot be had
     */
    public static MqttEndpoint start(EndpointContext context, int port, ConnectPolicy policy, Path home)
            throws IOException {
        return new MqttEndpoint(context, port, policy, hub -> EmbeddedBroker.start(hub, home));
    }

    /**
     * Listens inside the broker whose extension this code is; to be called while that starts the extension, on its thread.
     *
     * @param port 0 to 65535; 0 means any free one
     * @param policy decides on each CONNECT; those on the broker's own listeners are refused
     * @throws IOException when the broker is not as expected, or the port cannot be had
     */
    public static MqttEndpoint startInside(EndpointContext context, int port, ConnectPolicy policy) throws IOException {
        return new MqttEndpoint(context, port, policy, SurroundingBroker::find);
    }

    @Override
    public int port() {
        return listeners.get(0).port();
    }

    @Override
    public InetSocketAddress address() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), loopbackListener.port());
    }

    @Override
    public Announcement announce(int localPort, ConnectionFacts facts) {
        return loopback.announce(localPort, facts);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            broker.close();
        }
    }

    private NettyListener listen(Door door, InetSocketAddress at) throws IOException {
        NettyConfiguration netty = broker.netty();
        ChannelFuture bound = new ServerBootstrap()
                .group(netty.getParentEventLoopGroup(), netty.getChildEventLoopGroup())
                .channel(netty.getServerSocketChannelClass())
                .option(ChannelOption.SO_BACKLOG, BACKLOG)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childHandler(door)
                .bind(at);
        if (!bound.awaitUninterruptibly(BIND_WITHIN_SECONDS, TimeUnit.SECONDS) || !bound.isSuccess()) {
            throw new IOException(String.valueOf(
                    bound.cause() == null ? "timed out" : bound.cause().getMessage()));
        }
        NettyListener listener = new NettyListener(bound.channel());
        broker.opened("hubwire-" + listener.port() + "-" + at.getAddress(), bound.channel());
        return listener;
    }

    private record NettyListener(Channel channel) implements Listener {
        @Override
        public int port() {
            return ((InetSocketAddress) channel.localAddress()).getPort();
        }

        @Override
        public void close() {
            channel.close().awaitUninterruptibly(BIND_WITHIN_SECONDS, TimeUnit.SECONDS);
        }
    }
}
