package io.hubwire.localhub.amqp;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Clock;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One accepted socket: TLS if there is any, a thread that reads, and the loop that does the rest. */
final class SocketTransport implements ByteSink {
    private static final Logger LOG = LoggerFactory.getLogger(SocketTransport.class);
    private static final int CHUNK = 16 * 1024;
    private static final int HANDSHAKE_MILLIS = 10_000;
    /** How long a peer may take to read the last words. */
    private static final int LINGER_MILLIS = 500;

    private final String name;
    private final Socket socket;
    private final @Nullable SSLContext tls;
    private final Clock clock;
    private final ConnectionLoop loop;
    private volatile @Nullable Socket stream;
    private volatile boolean closing;
    private volatile boolean done;
    private volatile long closedMillis = Long.MAX_VALUE;

    /** @param tls null for plain TCP */
    SocketTransport(String name, Socket socket, @Nullable SSLContext tls, ServerContext context, Clock clock) {
        this.name = name;
        this.socket = socket;
        this.tls = tls;
        this.clock = clock;
        this.loop = new ConnectionLoop(name, context, this, clock);
    }

    void start() {
        Threads.start("hubwire-amqp-" + name + "-reader", this::read);
    }

    /** Whether nothing of it runs any more. */
    boolean isEnded() {
        return done;
    }

    /** Asks the peer to go, or cuts a connection that is not open yet. */
    void end() {
        if (stream == null) {
            abort();
        } else {
            loop.end(Conditions.CONNECTION_FORCED, "the hub is stopping");
        }
    }

    /** Waits for the end, then cuts what is left. @param millis at most */
    void awaitEnd(long millis) {
        try {
            if (stream != null) {
                loop.awaitEnd(millis);
            }
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
        } finally {
            abort();
        }
    }

    /** Cuts a connection whose peer does not read what it is sent, or stays although it was told to go. */
    void abortIfStuck(long stallMillis) {
        boolean stays = clock.millis() - LINGER_MILLIS > closedMillis;
        if (stays || loop.stalled(stallMillis)) {
            LOG.debug("AMQP connection {}: the peer {}", name, stays ? "stays" : "does not read");
            abort();
        }
    }

    /** Ends the connection at once, whatever it is doing. */
    void abort() {
        closing = true;
        closeSocket();
    }

    private void read() {
        boolean started = false;
        try {
            socket.setTcpNoDelay(true);
            Socket opened = open();
            stream = opened;
            loop.start();
            started = true;
            InputStream in = opened.getInputStream();
            boolean welcome = true;
            while (welcome) {
                byte[] chunk = new byte[CHUNK];
                int length = in.read(chunk);
                welcome = length >= 0 && (closing || loop.received(chunk, length));
            }
        } catch (IOException ended) {
            LOG.debug("AMQP connection {}: {}", name, ended.getMessage());
        } catch (InterruptedException asked) {
            Thread.currentThread().interrupt();
        } finally {
            if (started) {
                loop.lost();
            }
            closeSocket();
            done = true;
        }
    }

    private Socket open() throws IOException {
        if (tls == null) {
            return socket;
        }
        socket.setSoTimeout(HANDSHAKE_MILLIS);
        SSLSocket secured = (SSLSocket) tls.getSocketFactory()
                .createSocket(socket, socket.getInetAddress().getHostAddress(), socket.getPort(), true);
        secured.setUseClientMode(false);
        secured.startHandshake();
        socket.setSoTimeout(0);
        return secured;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        Socket opened = stream;
        if (opened == null) {
            throw new IOException("not open");
        }
        OutputStream out = opened.getOutputStream();
        out.write(bytes, offset, length);
        out.flush();
    }

    /** Lets the peer read what was written, and hang up; whoever does not is cut by {@link #abortIfStuck}. */
    @Override
    public void close() {
        closing = true;
        closedMillis = Math.min(closedMillis, clock.millis());
        Socket opened = stream;
        try {
            if (opened != null && !opened.isClosed()) {
                opened.shutdownOutput();
            }
        } catch (IOException | UnsupportedOperationException alreadyGone) {
            closeSocket();
        }
    }

    private void closeSocket() {
        try {
            socket.close(); // the plain one: closing TLS in order could wait for a peer that does not read
        } catch (IOException alreadyGone) {
            LOG.trace("AMQP connection {}: {}", name, alreadyGone.getMessage());
        }
    }
}
