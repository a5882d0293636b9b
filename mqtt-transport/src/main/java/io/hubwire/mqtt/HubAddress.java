package io.hubwire.mqtt;

import io.hubwire.auth.ConnectionString;
import org.jspecify.annotations.Nullable;

/**
 * Which hub, and where to connect to it.
 *
 * @param hostName of the hub; names it in the user name even when a gateway is between
 * @param gatewayHostName of an Edge gateway to connect to instead; null for none. It is then the name in TLS
 */
public record HubAddress(String hostName, @Nullable String gatewayHostName) {
    /** A hub without a gateway. */
    public static HubAddress of(String hostName) {
        return new HubAddress(hostName, null);
    }

    /** As the connection string says. */
    public static HubAddress of(ConnectionString connection) {
        return new HubAddress(
                connection.hostName(), connection.gatewayHostName().orElse(null));
    }

    /** The host to open connections to. */
    public String connectHost() {
        return gatewayHostName == null ? hostName : gatewayHostName;
    }
}
