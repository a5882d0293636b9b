package io.hubwire.localhub.amqp;

import io.hubwire.localhub.engine.C2dQueues;
import io.hubwire.localhub.engine.HubException;
import org.apache.qpid.protonj2.buffer.ProtonBuffer;
import org.apache.qpid.protonj2.codec.Decoder;
import org.apache.qpid.protonj2.engine.IncomingDelivery;
import org.apache.qpid.protonj2.engine.Receiver;
import org.apache.qpid.protonj2.types.messaging.Accepted;
import org.apache.qpid.protonj2.types.messaging.Rejected;
import org.apache.qpid.protonj2.types.transport.DeliveryState;
import org.apache.qpid.protonj2.types.transport.ErrorCondition;
import org.jspecify.annotations.Nullable;

/** Takes cloud-to-device messages from a back end; what became of each is its disposition. Source: amqp 6. */
final class DeviceboundLink extends ServerLink {
    /** More than any C2D message with all its sections needs; what is larger is cut off while it arrives. */
    static final int MAX_MESSAGE_BYTES = 256 * 1024;

    private static final int CREDIT = 100;

    private final Receiver link;
    private final C2dQueues queues;
    private final Decoder decoder;

    DeviceboundLink(String path, Receiver link, C2dQueues queues, Decoder decoder, ConnectionTurn turn) {
        super(path, link, turn);
        this.link = link;
        this.queues = queues;
        this.decoder = decoder;
        link.deliveryReadHandler(this::read);
    }

    @Override
    void opened() {
        link.addCredit(CREDIT);
    }

    private void read(IncomingDelivery delivery) {
        if (isGone()) {
            delivery.readAll();
        } else if (delivery.available() > MAX_MESSAGE_BYTES) {
            delivery.readAll();
            detach(new ErrorCondition(
                    Conditions.MESSAGE_SIZE, "a message on this link has at most " + MAX_MESSAGE_BYTES + " bytes"));
        } else if (delivery.isAborted()) {
            delivery.settle();
            topUp();
        } else if (!delivery.isPartial()) {
            delivery.disposition(outcome(delivery.readAll()), true);
            topUp();
        }
    }

    private DeliveryState outcome(@Nullable ProtonBuffer message) {
        try {
            if (message == null) {
                return new Rejected(new ErrorCondition(Conditions.ARGUMENT, "the message is empty"));
            }
            DeviceboundDecoder.Addressed addressed = DeviceboundDecoder.decode(Sections.read(message, decoder));
            queues.enqueue(addressed.target(), addressed.message());
            return Accepted.getInstance();
        } catch (HubException refused) {
            return new Rejected(Conditions.of(refused));
        }
    }

    private void topUp() {
        if (link.getCredit() <= CREDIT / 2) {
            link.addCredit(CREDIT - link.getCredit());
        }
    }
}
