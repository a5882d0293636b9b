package io.hubwire.localhub.endpoint;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;

/** An open listening socket. */
public interface Listener extends AutoCloseable {
    /** Attempts to find a port that is free on each address. */
    int ATTEMPTS = 20;

    /** The port it really has, 1 to 65535. */
    int port();

    /** Stops listening; idempotent. */
    @Override
    void close();

    /** Opens a listening socket. */
    @FunctionalInterface
    interface Opener<L extends Listener> {
        /** @param address port 0 means any free one */
        L open(InetSocketAddress address) throws IOException;
    }

    /**
     * Opens one listener an address, all at the same port, or none.
     *
     * @param port 0 to 65535; 0 finds one that is free on each of the addresses
     * @throws IOException naming the address and port, when one of them cannot be had
     */
    static <L extends Listener> List<L> openAll(List<InetAddress> addresses, int port, Opener<L> opener)
            throws IOException {
        for (int attempt = 1; ; attempt++) {
            List<L> open = new ArrayList<>();
            try {
                for (InetAddress address : addresses) {
                    int asked = open.isEmpty() ? port : open.get(0).port();
                    open.add(opener.open(new InetSocketAddress(address, asked)));
                }
                return open;
            } catch (IOException | RuntimeException e) {
                open.forEach(Listener::close);
                boolean bySecondAddress = port == 0 && !open.isEmpty();
                if (!bySecondAddress || attempt == ATTEMPTS) {
                    throw refused(addresses.get(Math.min(open.size(), addresses.size() - 1)), port, e);
                }
            }
        }
    }

    private static IOException refused(InetAddress address, int port, Exception cause) {
        BindException refused = new BindException("the hub cannot listen on [" + address.getHostAddress() + "] port ["
                + port + "]: " + cause.getMessage());
        refused.initCause(cause);
        return refused;
    }
}
