package io.hubwire.localhub.endpoint;

import java.net.SocketAddress;
import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a connection before its first byte of MQTT.
 *
 * @param clientChain as presented in the TLS handshake, leaf first; empty without a client certificate. That the client
 *     holds the key is proven, that anyone trusts it is not
 * @param hostAsked by which name the hub was addressed: SNI, or the {@code Host} header without its port; null if unknown
 * @param remote the client's own address, also when a relay stands between
 */
public record ConnectionFacts(
        List<X509Certificate> clientChain, @Nullable String hostAsked, SocketAddress remote) {
    public ConnectionFacts {
        clientChain = List.copyOf(clientChain);
    }

    /** Addresses and names; certificates only by their number. */
    @Override
    public String toString() {
        return "ConnectionFacts[" + remote + ", host " + hostAsked + ", " + clientChain.size() + " certificates]";
    }
}
