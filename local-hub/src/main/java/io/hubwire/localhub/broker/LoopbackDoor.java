package io.hubwire.localhub.broker;

import io.hubwire.localhub.endpoint.ConnectionFacts;
import io.hubwire.localhub.endpoint.LoopbackMqtt.Announcement;
import io.hubwire.localhub.mqtt.ConnectPolicy;
import io.hubwire.protocol.trace.WireTrace;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Plain MQTT on loopback, for connections that another endpoint of this hub has announced. */
final class LoopbackDoor extends Door {
    private final Map<Integer, ConnectionFacts> announced = new ConcurrentHashMap<>();

    LoopbackDoor(Broker broker, Connections connections, ConnectPolicy policy, WireTrace trace) {
        super(broker, "mqtt-loopback", connections, policy, trace);
    }

    /** By the announcer's local port, which is the remote port here. */
    Announcement announce(int port, ConnectionFacts facts) {
        announced.put(port, facts);
        // the port may be in use again by then, hence both arguments
        return () -> announced.remove(port, facts);
    }

    @Override
    void addTransport(Channel channel, Connection connection) {
        channel.pipeline().addFirst("hubwire_facts", new FirstBytes(connection));
    }

    /** Looks the announcement up when the first bytes arrive, since it may come after the connect, and leaves. */
    private final class FirstBytes extends ChannelInboundHandlerAdapter {
        private final Connection connection;

        FirstBytes(Connection connection) {
            this.connection = connection;
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object bytes) {
            ConnectionFacts facts = ctx.channel().remoteAddress() instanceof InetSocketAddress remote
                    ? announced.get(remote.getPort())
                    : null;
            if (facts == null) {
                ReferenceCountUtil.release(bytes);
                ctx.close();
                return;
            }
            connection.learned(facts);
            ctx.pipeline().remove(this);
            ctx.fireChannelRead((ByteBuf) bytes);
        }
    }
}
