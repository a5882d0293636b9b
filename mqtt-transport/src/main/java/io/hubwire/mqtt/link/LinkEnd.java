package io.hubwire.mqtt.link;

import io.hubwire.protocol.TransportException;

/** How a connection ended. */
public sealed interface LinkEnd {
    /** We asked for it. */
    record Closed() implements LinkEnd {}

    /**
     * The peer answered CONNECT with a refusal.
     *
     * @param returnCode of CONNACK, 1 to 255
     */
    record Refused(int returnCode) implements LinkEnd {}

    /**
     * It never came up, or it broke.
     *
     * @param cause what happened, with its code
     * @param byPeer whether an established connection was ended by the other side (orderly or with a reset), which is all
     *     that a hub does when it takes offence
     */
    record Broken(TransportException cause, boolean byPeer) implements LinkEnd {}
}
