package io.hubwire.mqtt.link;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;

/** How a TCP connection to the peer comes about. */
public interface TcpRoute {
    /** Gets to know each socket before it is connected, so that another thread can close it. */
    interface Watch {
        /**
         * A socket is about to be connected.
         *
         * @throws IOException when nobody wants the connection any more
         */
        void beforeConnect(Socket socket) throws IOException;
    }

    /**
     * Connects. Blocks.
     *
     * @param timeout for each address that the name stands for
     */
    Socket connect(String host, int port, Duration timeout, Watch watch) throws IOException;

    /** Finds the addresses a name stands for, at this moment. Blocks; may be called from any thread. */
    @FunctionalInterface
    interface Lookup {
        /**
         * Looks up.
         *
         * @throws UnknownHostException when the name stands for none
         */
        InetAddress[] addressesOf(String host) throws UnknownHostException;
    }

    /** As {@link #direct(Lookup)}, with the lookup of the JDK, whose cache is outside our reach. */
    static TcpRoute direct() {
        return direct(InetAddress::getAllByName);
    }

    /** Straight: the name is looked up each time, and its addresses are tried in turn. */
    static TcpRoute direct(Lookup lookup) {
        return (host, port, timeout, watch) -> {
            IOException failure = null;
            for (InetAddress address : lookup.addressesOf(host)) {
                Socket socket = new Socket();
                watch.beforeConnect(socket);
                try {
                    socket.connect(new InetSocketAddress(address, port), millis(timeout));
                    return socket;
                } catch (IOException next) {
                    socket.close();
                    if (failure != null) {
                        next.addSuppressed(failure);
                    }
                    failure = next;
                }
            }
            throw failure != null ? failure : new IOException("no address for [" + host + "]");
        };
    }

    /** As sockets want it: at least one, since zero would mean for ever. */
    static int millis(Duration timeout) {
        return (int) Math.min(Integer.MAX_VALUE, Math.max(1, timeout.toMillis()));
    }
}
