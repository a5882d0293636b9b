package io.hubwire.localhub.endpoint;

import io.hubwire.localhub.engine.Hub;
import io.hubwire.localhub.tls.HubTls;
import java.net.InetAddress;
import java.util.List;

/**
 * What every endpoint starts from.
 *
 * @param hub the engine, with the one clock, timer and trace
 * @param tls the hub's certificate, and trust in any client certificate (the engine judges those)
 * @param addresses to listen on, all at one port ({@link Listener#openAll}): the loopback addresses, unless the user
 *     brought keys of their own. {@code localhost} is {@code ::1} to some clients and {@code 127.0.0.1} to others
 */
public record EndpointContext(Hub hub, HubTls tls, List<InetAddress> addresses) {
    public EndpointContext {
        addresses = List.copyOf(addresses);
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("an endpoint needs at least one address to listen on");
        }
    }
}
