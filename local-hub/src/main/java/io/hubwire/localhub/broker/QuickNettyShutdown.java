package io.hubwire.localhub.broker;

import com.hivemq.bootstrap.netty.NettyConfiguration;
import com.hivemq.common.shutdown.HiveMQShutdownHook;
import com.hivemq.persistence.connection.ConnectionPersistence;
import io.netty.channel.EventLoopGroup;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes clients, server sockets and event loops in the broker's own order, but without its fixed quiet time of two
 * seconds: nothing of value is in its queues.
 */
final class QuickNettyShutdown implements HiveMQShutdownHook {
    private static final Logger log = LoggerFactory.getLogger(QuickNettyShutdown.class);
    private static final long TIMEOUT_SECONDS = 5;

    private final ConnectionPersistence connections;
    private final NettyConfiguration netty;

    QuickNettyShutdown(ConnectionPersistence connections, NettyConfiguration netty) {
        this.connections = connections;
        this.netty = netty;
    }

    @Override
    public String name() {
        return "Netty, quickly";
    }

    @Override
    public Priority priority() {
        return Priority.MEDIUM;
    }

    @Override
    public void run() {
        try {
            connections.shutDown().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            log.warn("not all connections were closed in order: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            connections.interruptShutdown();
        }
        stop(netty.getChildEventLoopGroup());
        stop(netty.getParentEventLoopGroup());
    }

    private static void stop(EventLoopGroup group) {
        group.shutdownGracefully(0, TIMEOUT_SECONDS, TimeUnit.SECONDS)
                .awaitUninterruptibly(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }
}
