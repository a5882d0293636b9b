package io.hubwire.it;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** A way to a port of this machine that breaks, all connections at once, each time so many bytes have gone up. */
final class CutLink implements AutoCloseable {
    private final ServerSocket door;
    private final int target;
    private final Deque<Long> cutsAt;
    private final AtomicLong up = new AtomicLong();
    private final AtomicInteger cuts = new AtomicInteger();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    CutLink(int target, List<Long> cutsAt) {
        this.target = target;
        this.cutsAt = new ConcurrentLinkedDeque<>(cutsAt);
        try {
            this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon(this::accept);
    }

    int port() {
        return door.getLocalPort();
    }

    /** Bytes that went up so far. */
    long bytes() {
        return up.get();
    }

    int cuts() {
        return cuts.get();
    }

    private void accept() {
        try {
            while (!door.isClosed()) {
                Socket from = door.accept();
                Socket to = new Socket(InetAddress.getLoopbackAddress(), target);
                open.addAll(List.of(from, to));
                daemon(() -> pump(from, to, true));
                daemon(() -> pump(to, from, false));
            }
        } catch (IOException closed) {
            cutAll();
        }
    }

    private void pump(Socket from, Socket to, boolean upwards) {
        byte[] buffer = new byte[16 << 10];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                if (upwards && due(up.addAndGet(n))) {
                    cuts.incrementAndGet();
                    cutAll();
                    return;
                }
                out.write(buffer, 0, n);
            }
        } catch (IOException broken) {
            // the other side is told below
        }
        shut(from);
        shut(to);
    }

    private boolean due(long bytes) {
        Long next = cutsAt.peek();
        return next != null && bytes >= next && cutsAt.remove(next);
    }

    private void cutAll() {
        open.forEach(this::shut);
    }

    private void shut(Socket socket) {
        open.remove(socket);
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "cut-link");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            door.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        cutAll();
    }
}
