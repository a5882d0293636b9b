package io.hubwire.localhub.broker;

import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.mqtt.MqttPacketSplitter;
import io.hubwire.protocol.mqtt.MqttPackets;
import io.hubwire.protocol.trace.WireTrace;
import io.hubwire.protocol.trace.WireTrace.Direction;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;

/**
 * Reports every packet of a connection, right where its bytes leave the encoder and reach the decoder; in the pipeline
 * only when someone watches.
 */
final class TraceTap extends ChannelDuplexHandler {
    private final WireTrace trace;
    private final Connection connection;
    private final Way in = new Way(Direction.IN);
    private final Way out = new Way(Direction.OUT);

    TraceTap(WireTrace trace, Connection connection) {
        this.trace = trace;
        this.connection = connection;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object bytes) {
        in.passed(bytes);
        ctx.fireChannelRead(bytes);
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object bytes, ChannelPromise promise) {
        out.passed(bytes);
        ctx.write(bytes, promise);
    }

    /** One direction. */
    private final class Way {
        private final Direction direction;
        private final MqttPacketSplitter splitter = new MqttPacketSplitter();
        private boolean lost;

        Way(Direction direction) {
            this.direction = direction;
        }

        void passed(Object piece) {
            if (lost || !(piece instanceof ByteBuf buffer)) {
                return;
            }
            byte[] bytes = new byte[buffer.readableBytes()];
            buffer.getBytes(buffer.readerIndex(), bytes);
            try {
                splitter.add(bytes).forEach(this::report);
            } catch (RemoteProtocolException e) {
                lost = true; // the decoder is about to say so, too
                trace.seen(new WireTrace.Event(direction, "MQTT", "MALFORMED", String.valueOf(e.getMessage())));
            }
        }

        private void report(byte[] packet) {
            String who = connection.clientId().map(id -> "[" + id + "] ").orElse("");
            trace.seen(new WireTrace.Event(direction, "MQTT", name(packet), who + MqttPackets.describe(packet)));
        }
    }

    private static String name(byte[] packet) {
        try {
            return MqttPackets.decode(packet).name();
        } catch (RemoteProtocolException e) {
            return "MALFORMED";
        }
    }
}
