package io.hubwire.localhub.https;

import io.hubwire.localhub.endpoint.ConnectionFacts;
import io.hubwire.localhub.endpoint.LoopbackMqtt;
import io.hubwire.localhub.endpoint.LoopbackMqtt.Announcement;
import io.hubwire.localhub.endpoint.WebSocketBackend;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Pipes the MQTT of a WebSocket to the broker's loopback listener. The broker learns the connection's facts by the local
 * port of the pipe, announced before the first byte is written.
 */
final class MqttOverWebSocket implements WebSocketBackend, AutoCloseable {
    private static final int CONNECT_MILLIS = 2_000;

    private final LoopbackMqtt broker;
    private final NioEventLoopGroup loop = new NioEventLoopGroup(1, new DefaultThreadFactory("hub-wss-mqtt", true));

    MqttOverWebSocket(LoopbackMqtt broker) {
        this.broker = broker;
    }

    @Override
    public CompletionStage<Inbound> connect(ConnectionFacts facts, Client client) {
        CompletableFuture<Inbound> ready = new CompletableFuture<>();
        ChannelFuture connecting = new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                .option(ChannelOption.TCP_NODELAY, true)
                // one read, one frame, and the next read when the frame has left
                .option(ChannelOption.AUTO_READ, false)
                .option(ChannelOption.RCVBUF_ALLOCATOR, new AdaptiveRecvByteBufAllocator().maxMessagesPerRead(1))
                .handler(new ToClient(client))
                .connect(broker.address());
        connecting.addListener(done -> {
            if (done.isSuccess()) {
                ready.complete(open(connecting.channel(), facts));
            } else {
                ready.completeExceptionally(done.cause());
            }
        });
        return ready;
    }

    private Inbound open(Channel channel, ConnectionFacts facts) {
        int localPort = ((InetSocketAddress) channel.localAddress()).getPort();
        Announcement announcement = broker.announce(localPort, facts);
        channel.closeFuture().addListener(closed -> announcement.close());
        channel.read();
        return new ToBroker(channel);
    }

    /** Ends the pipes and their thread. */
    @Override
    public void close() {
        loop.shutdownGracefully(0, 500, TimeUnit.MILLISECONDS).awaitUninterruptibly(1, TimeUnit.SECONDS);
    }

    private record ToBroker(Channel channel) implements Inbound {
        @Override
        public CompletionStage<Void> receive(ByteBuffer bytes) {
            CompletableFuture<Void> written = new CompletableFuture<>();
            ChannelFuture unused = channel.writeAndFlush(Unpooled.wrappedBuffer(bytes))
                    .addListener((ChannelFuture done) -> complete(written, done));
            return written;
        }

        private static void complete(CompletableFuture<Void> written, ChannelFuture done) {
            if (done.isSuccess()) {
                written.complete(null);
            } else {
                written.completeExceptionally(done.cause());
            }
        }

        @Override
        public void closed() {
            ChannelFuture unused = channel.close();
        }
    }

    private static final class ToClient extends ChannelInboundHandlerAdapter {
        private final Client client;

        ToClient(Client client) {
            this.client = client;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            CompletionStage<Void> unused = client.send(bytes.nioBuffer()).whenComplete((sent, failure) -> {
                bytes.release();
                if (failure == null) {
                    context.read();
                } else {
                    exceptionCaught(context, failure);
                }
            });
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            client.close();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            ChannelFuture unused = context.close();
        }
    }
}
