package io.hubwire.events;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;

/** A line to the hub that can be cut, and that can let the hub's bytes through one by one. */
final class Cable implements AutoCloseable {
    /** Long enough for the reader to take each byte by itself, mostly. */
    private static final long BETWEEN_BYTES_NANOS = 20_000;
    /** So that a line that is frozen soon takes no more. */
    private static final int SMALL_BUFFER = 16 * 1024;

    private final ServerSocket server = new ServerSocket();
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private final boolean byteByByte;
    private volatile boolean unplugged;
    private volatile boolean frozen;

    private Cable(int hubPort, boolean byteByByte) throws IOException {
        this.byteByByte = byteByByte;
        server.setReceiveBufferSize(SMALL_BUFFER);
        server.bind(new InetSocketAddress(InetAddress.getByName("localhost"), 0));
        daemon(() -> {
            while (!server.isClosed()) {
                Socket near = server.accept();
                if (unplugged) {
                    near.close();
                    continue;
                }
                Socket far = new Socket(InetAddress.getByName("localhost"), hubPort);
                near.setTcpNoDelay(true);
                open.addAll(List.of(near, far));
                daemon(() -> pump(near, far, false));
                daemon(() -> pump(far, near, this.byteByByte));
            }
        });
    }

    static Cable to(int hubPort) throws IOException {
        return new Cable(hubPort, false);
    }

    /** What the hub sends arrives in segments of one byte. */
    static Cable byteByByte(int hubPort) throws IOException {
        return new Cable(hubPort, true);
    }

    int port() {
        return server.getLocalPort();
    }

    /** Ends the connections there are; new ones are let through. */
    void cut() throws IOException {
        for (Socket socket : open) {
            socket.close();
        }
        open.clear();
    }

    /** Ends the connections there are, and each new one until {@link #plugIn}. */
    void unplug() throws IOException {
        unplugged = true;
        cut();
    }

    void plugIn() {
        unplugged = false;
    }

    /** Lets no byte through any more, either way, and closes nothing. */
    void freeze() {
        frozen = true;
    }

    private void pump(Socket from, Socket to, boolean byteByByte) throws IOException {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            if (!byteByByte) {
                byte[] chunk = new byte[SMALL_BUFFER];
                for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
                    while (frozen && !from.isClosed()) {
                        LockSupport.parkNanos(1_000_000);
                    }
                    out.write(chunk, 0, count);
                }
                return;
            }
            for (int next = in.read(); next >= 0; next = in.read()) {
                out.write(next);
                LockSupport.parkNanos(BETWEEN_BYTES_NANOS);
            }
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void daemon(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException cut) {
                Thread.currentThread().interrupt();
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        server.close();
        cut();
    }
}
