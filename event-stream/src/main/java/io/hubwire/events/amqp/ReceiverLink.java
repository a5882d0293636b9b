package io.hubwire.events.amqp;

import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.RemoteProtocolException;
import org.apache.qpid.protonj2.buffer.ProtonBuffer;
import org.apache.qpid.protonj2.codec.Decoder;
import org.apache.qpid.protonj2.engine.IncomingDelivery;
import org.apache.qpid.protonj2.engine.Receiver;
import org.apache.qpid.protonj2.types.transport.DeliveryState;

/** A link on which messages arrive. Thread-safe; what it is asked for happens on the connection's thread. */
public final class ReceiverLink {
    /** A message with everything around it; the service's own limit is a quarter of it. */
    private static final int MAX_MESSAGE_BYTES = 1024 * 1024;

    /** Who is told what happens on the link; always on the connection's thread, so it must not block. */
    public interface Listener {
        /** A whole message arrived; settle it by its delivery. */
        void message(Sections message, IncomingDelivery delivery);

        /** The link is over, and not because we closed it. Last call. */
        void ended(HubwireException why);
    }

    private final ClientConnection connection;
    private final Receiver link;

    ReceiverLink(ClientConnection connection, Receiver link) {
        this.connection = connection;
        this.link = link;
    }

    /** Runs {@code task} on the connection's thread, or never, when the connection is over. */
    public void execute(Runnable task) {
        connection.execute(task);
    }

    /** Lets the peer send that many more messages. */
    public void grant(int credit) {
        connection.execute(() -> {
            if (link.isLocallyOpen() && link.isRemotelyOpen()) {
                link.addCredit(credit);
            }
        });
    }

    /** Says what became of a message, finally. */
    public void settle(IncomingDelivery delivery, DeliveryState outcome) {
        connection.execute(() -> {
            if (link.isLocallyOpen() && link.isRemotelyOpen() && !delivery.isSettled()) {
                delivery.disposition(outcome, true);
            }
        });
    }

    /** Closes the link; nothing of it is told any more. */
    public void close() {
        connection.execute(link::close);
    }

    /** Hands whole messages on and cuts a link whose message does not end. */
    static void listen(Receiver link, Decoder decoder, Listener listener) {
        link.deliveryReadHandler(delivery -> {
            if (!link.isLocallyOpen() || delivery.isAborted()) {
                delivery.readAll();
            } else if (delivery.available() > MAX_MESSAGE_BYTES) {
                delivery.readAll();
                link.close();
                listener.ended(new RemoteProtocolException(
                        "a message on [" + link.getName() + "] has more than " + MAX_MESSAGE_BYTES + " bytes"));
            } else if (!delivery.isPartial()) {
                ProtonBuffer message = delivery.readAll();
                if (message != null) {
                    listener.message(Sections.read(message, decoder), delivery);
                }
            }
        });
    }
}
