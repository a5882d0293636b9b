package io.hubwire.localhub.https;

import io.hubwire.localhub.endpoint.ConnectionFacts;
import io.hubwire.localhub.endpoint.LoopbackMqtt;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A loopback listener that a test plays the broker at. */
final class FakeBroker implements LoopbackMqtt, AutoCloseable {
    private final ServerSocket listener;
    private final Map<Integer, ConnectionFacts> announced = new ConcurrentHashMap<>();

    FakeBroker() throws IOException {
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        listener.setSoTimeout(10_000);
    }

    /** The next connection, as the broker sees it. */
    Socket accept() throws IOException {
        Socket socket = listener.accept();
        socket.setSoTimeout(10_000);
        return socket;
    }

    /** What was announced of this connection; null when nothing was. */
    @Nullable
    ConnectionFacts factsOf(Socket accepted) {
        return announced.get(accepted.getPort());
    }

    int announcements() {
        return announced.size();
    }

    @Override
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    @Override
    public Announcement announce(int localPort, ConnectionFacts facts) {
        announced.put(localPort, facts);
        return () -> announced.remove(localPort, facts);
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
