package io.hubwire.localhub.broker;

import com.hivemq.mqtt.message.connect.CONNECT;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a connection whose CONNECT is not complete in time, counted from the opening of the socket however much of it
 * trickles in, and leaves the pipeline once it is. Source: mqtt-device 1.5.
 */
final class ConnectDeadline extends ChannelInboundHandlerAdapter {
    static final long SECONDS = 60;

    private final Connection connection;
    private @Nullable ScheduledFuture<?> deadline;

    ConnectDeadline(Connection connection) {
        this.connection = connection;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        deadline = ctx.executor()
                .schedule(() -> connection.close("no CONNECT within " + SECONDS + " s"), SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object packet) {
        if (packet instanceof CONNECT) {
            ctx.pipeline().remove(this);
        }
        ctx.fireChannelRead(packet);
    }

    /** Also when the channel closes. */
    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }
}
