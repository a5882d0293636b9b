package io.hubwire.localhub.mqtt;

import io.hubwire.localhub.endpoint.ConnectionFacts;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.mqtt.DpsUserName;
import org.jspecify.annotations.Nullable;

/**
 * A CONNECT.
 *
 * @param protocolLevel 4 for MQTT 3.1.1
 * @param clientId as sent; empty if it was empty
 * @param userName null without one
 * @param password null without one; its bytes read as UTF-8
 * @param cleanSession whether the client wants to start without a stored session and leave none
 * @param will null without one
 */
public record ConnectRequest(
        int protocolLevel,
        String clientId,
        @Nullable String userName,
        @Nullable String password,
        boolean cleanSession,
        @Nullable Will will,
        ConnectionFacts facts) {
    /**
     * The name by which connections displace each other: the client id, except that a registration with DPS and a device
     * of the same name are two. No id may hold a space.
     */
    public String displacementId() {
        try {
            return userName != null && DpsUserName.parse(userName).isPresent() ? "dps " + clientId : clientId;
        } catch (HubwireException e) {
            return clientId; // will be refused
        }
    }

    /** Who and from where; never the password. */
    @Override
    public String toString() {
        return "CONNECT[client [" + clientId + "], user [" + userName + "], " + facts + "]";
    }
}
