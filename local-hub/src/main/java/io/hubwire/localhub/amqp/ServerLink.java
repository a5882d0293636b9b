package io.hubwire.localhub.amqp;

import org.apache.qpid.protonj2.engine.Link;
import org.apache.qpid.protonj2.types.transport.ErrorCondition;

/** One open link, as the hub sees it. Everything on the connection's thread. */
abstract class ServerLink {
    private final String path;
    private final Link<?> link;
    private final ConnectionTurn turn;
    private boolean gone;

    ServerLink(String path, Link<?> link, ConnectionTurn turn) {
        this.path = path;
        this.link = link;
        this.turn = turn;
    }

    /** What the peer needs rights to while the link is open; lower case. */
    final String path() {
        return path;
    }

    /** Whether it has ended: nothing may be sent or settled on it any more. */
    final boolean isGone() {
        return gone;
    }

    /** The attach has been answered: what needs an open link begins now. */
    void opened() {}

    /** Ends the link from the hub's side and tells why. */
    final void detach(ErrorCondition why) {
        if (!gone) {
            link.setCondition(why);
            link.close();
            turn.closed(this);
        }
    }

    /** The link is gone, whoever ended it. Called once. */
    final void closed() {
        gone = true;
        release();
    }

    /** Gives back what it holds. */
    void release() {}
}
