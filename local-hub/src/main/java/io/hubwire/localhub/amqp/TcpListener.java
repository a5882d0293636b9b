package io.hubwire.localhub.amqp;

import io.hubwire.localhub.endpoint.Listener;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One listening port. Its thread accepts connections and, once a second, looks after those whose peer is stuck. */
final class TcpListener implements Listener {
    private static final Logger LOG = LoggerFactory.getLogger(TcpListener.class);
    private static final int BACKLOG = 128;
    private static final int ROUND_MILLIS = 1000;
    private static final int MAX_CONNECTIONS = 1024;
    private static final long STALL_MILLIS = 30_000;

    private final ServerSocket server;
    private final @Nullable SSLContext tls;
    private final Clock clock;
    private final Set<SocketTransport> connections = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;
    private long accepted;

    /**
     * Listens at once; {@link #start} begins to accept.
     *
     * @param tls null for plain TCP
     * @throws IOException when the port cannot be had
     */
    TcpListener(InetSocketAddress address, @Nullable SSLContext tls, Clock clock) throws IOException {
        this.tls = tls;
        this.clock = clock;
        this.server = new ServerSocket();
        try {
            server.setReuseAddress(true);
            server.setSoTimeout(ROUND_MILLIS);
            server.bind(address, BACKLOG);
        } catch (IOException taken) {
            server.close();
            throw taken;
        }
    }

    @Override
    public int port() {
        return server.getLocalPort();
    }

    void start(ServerContext context) {
        Threads.start("hubwire-amqp-accept-" + port(), () -> accept(context));
    }

    /** Connections open now. */
    int connections() {
        return connections.size();
    }

    /** No further connections; those that are open are told. */
    @Override
    public void close() {
        closed = true;
        try {
            server.close();
        } catch (IOException unexpected) {
            LOG.debug("closing port {}: {}", port(), unexpected.getMessage());
        }
        connections.forEach(SocketTransport::end);
    }

    /** Waits up to a moment in time for the connections to end, then cuts the rest. */
    void awaitEnd(long untilMillis) {
        connections.forEach(connection -> connection.awaitEnd(Math.max(0, untilMillis - clock.millis())));
    }

    private void accept(ServerContext context) {
        while (!closed) {
            try {
                admit(server.accept(), context);
            } catch (SocketTimeoutException quiet) {
                LOG.trace("no new AMQP connection on port {}", port());
            } catch (IOException failed) {
                if (!closed) {
                    LOG.warn("AMQP cannot accept on port {}: {}", port(), failed.getMessage());
                }
            }
            connections.removeIf(SocketTransport::isEnded);
            connections.forEach(connection -> connection.abortIfStuck(STALL_MILLIS));
        }
    }

    private void admit(Socket socket, ServerContext context) throws IOException {
        if (connections.size() >= MAX_CONNECTIONS) {
            LOG.warn("AMQP has {} connections, one more is turned away", MAX_CONNECTIONS);
            socket.close();
            return;
        }
        SocketTransport connection = new SocketTransport(port() + "-" + ++accepted, socket, tls, context, clock);
        connections.add(connection);
        connection.start();
    }
}
