package io.hubwire.mqtt;

/** Why a connection changed its state. */
public enum ChangeReason {
    /** The application called connect or close, or what it asked for has been reached. */
    REQUESTED,
    /** The connection broke: reset, end of stream, no answer to a ping, network away. */
    LINK_LOST,
    /** The hub could not be reached or did not answer in time. */
    UNREACHABLE,
    /** The hub refused the CONNECT. */
    REFUSED,
    /** The token is about to end; the client reconnects with a new one. Planned, nothing is lost. */
    TOKEN_RENEWAL,
    /** The hub left a message unacknowledged for too long; the client reconnects and sends it again. */
    ACKNOWLEDGEMENT_OVERDUE,
    /**
     * The hub ended several connections soon after they were ready, which is what it does to the older one when a second
     * client connects with the same id. A guess: MQTT 3.1.1 gives no reason, and a hub whose messages of the day are used up
     * (403002 on its other doors) accepts each CONNECT and ends the connection at the first message, which looks the same.
     * Source: mqtt-device 1.6, 1.8 and 1.9.
     */
    TAKEN_OVER
}
