package io.hubwire.localhub.amqp;

import org.apache.qpid.protonj2.types.transport.ErrorCondition;

/** One open link, as the hub sees it. Everything on the connection's thread. */
interface ServerLink {
    /** What the peer needs rights to while the link is open; lower case. */
    String path();

    /** The attach has been answered: what needs an open link begins now. */
    default void opened() {}

    /** Ends the link from the hub's side and tells why. */
    void detach(ErrorCondition why);

    /** The link is gone, whoever ended it: gives back what it holds. Called once. */
    void closed();
}
