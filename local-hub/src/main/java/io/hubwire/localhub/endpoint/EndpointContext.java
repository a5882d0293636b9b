package io.hubwire.localhub.endpoint;

import io.hubwire.localhub.engine.Hub;
import io.hubwire.localhub.tls.HubTls;
import java.net.InetAddress;

/**
 * What every endpoint starts from.
 *
 * @param hub the engine, with the one clock, timer and trace
 * @param tls the hub's certificate, and trust in any client certificate (the engine judges those)
 * @param bind the address to listen on; loopback unless the user brought keys of their own
 */
public record EndpointContext(Hub hub, HubTls tls, InetAddress bind) {}
