package io.hubwire.localhub.amqp;

import io.hubwire.localhub.amqp.RequestNode.Answer;
import io.hubwire.localhub.engine.HubException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.apache.qpid.protonj2.buffer.ProtonBuffer;
import org.apache.qpid.protonj2.codec.Decoder;
import org.apache.qpid.protonj2.engine.IncomingDelivery;
import org.apache.qpid.protonj2.engine.Receiver;
import org.apache.qpid.protonj2.engine.Sender;
import org.apache.qpid.protonj2.engine.Session;
import org.apache.qpid.protonj2.types.messaging.Accepted;
import org.apache.qpid.protonj2.types.messaging.Target;
import org.apache.qpid.protonj2.types.transport.ErrorCondition;
import org.jspecify.annotations.Nullable;

/**
 * The links of one connection to a {@link RequestNode}. Clients ask before the link for the answer has credit, so answers
 * queue up here; who does not fetch them gets no credit for more requests. Source: amqp 1.2, "Credit pitfall".
 */
final class RequestLinks {
    /** Requests that may wait for their answers to be fetched. */
    private static final int WINDOW = 100;
    /** A token or a READ with everything around it is far smaller. */
    private static final int MAX_REQUEST_BYTES = 64 * 1024;

    /** An answer that waits, and where it should go. */
    private record Pending(@Nullable String replyTo, Session session, Receiver asked, ProtonBuffer message) {}

    private final RequestNode node;
    private final SectionWriter writer;
    private final Decoder decoder;
    private final ConnectionTurn turn;
    private final List<ReplyLink> replyLinks = new ArrayList<>();
    private final Deque<Pending> pending = new ArrayDeque<>();

    RequestLinks(RequestNode node, SectionWriter writer, Decoder decoder, ConnectionTurn turn) {
        this.node = node;
        this.writer = writer;
        this.decoder = decoder;
        this.turn = turn;
    }

    /** The peer wants to send requests. */
    ServerLink requests(String path, Receiver link) {
        RequestLink opened = new RequestLink(path, link);
        link.deliveryReadHandler(opened::read);
        return opened;
    }

    /** The peer wants answers. */
    ServerLink replies(String path, Sender link) {
        ReplyLink opened = new ReplyLink(path, link);
        replyLinks.add(opened);
        link.creditStateUpdateHandler(l -> turn.execute(this::flush));
        link.deliveryStateUpdatedHandler(delivery -> {
            if (!delivery.isSettled() && link.isLocallyOpen()) {
                delivery.settle();
            }
        });
        return opened;
    }

    private void flush() {
        for (Iterator<Pending> each = pending.iterator(); each.hasNext(); ) {
            Pending answer = each.next();
            ReplyLink link = choose(answer);
            if (link != null && link.transfers.ready()) {
                each.remove();
                link.transfers.send(answer.message(), true);
                if (answer.asked().isLocallyOpen()) {
                    answer.asked().addCredit(1);
                }
            }
        }
    }

    /** By reply-to, else the one in the request's session, else the youngest. */
    private @Nullable ReplyLink choose(Pending answer) {
        ReplyLink best = null;
        boolean inSession = false;
        for (ReplyLink link : replyLinks) {
            if (answer.replyTo() != null && answer.replyTo().equals(link.targetAddress())) {
                return link;
            }
            boolean here = link.link.getSession() == answer.session();
            if (here || !inSession) {
                best = link;
                inSession = here;
            }
        }
        return best;
    }

    /** Answers nobody can fetch any more. */
    private void dropPending() {
        for (Pending answer : pending) {
            if (answer.asked().isLocallyOpen()) {
                answer.asked().addCredit(1);
            }
        }
        pending.clear();
    }

    /** From the peer to the node. */
    private final class RequestLink extends ServerLink {
        private final Receiver link;

        RequestLink(String path, Receiver link) {
            super(path, link, turn);
            this.link = link;
        }

        private void read(IncomingDelivery delivery) {
            if (isGone()) {
                delivery.readAll();
            } else if (delivery.available() > MAX_REQUEST_BYTES) {
                delivery.readAll();
                detach(new ErrorCondition(
                        Conditions.MESSAGE_SIZE, "a request has at most " + MAX_REQUEST_BYTES + " bytes"));
            } else if (delivery.isAborted()) {
                delivery.settle();
                link.addCredit(1);
            } else if (!delivery.isPartial()) {
                ProtonBuffer message = delivery.readAll();
                delivery.disposition(Accepted.getInstance(), true);
                answer(message);
                turn.execute(RequestLinks.this::flush);
            }
        }

        private void answer(@Nullable ProtonBuffer message) {
            Object messageId = null;
            String replyTo = null;
            Answer answer;
            try {
                if (message == null) {
                    answer = new Answer(400, "the request is empty", Conditions.ARGUMENT, null);
                } else {
                    Sections request = Sections.read(message, decoder);
                    messageId = request.properties().getMessageId();
                    replyTo = request.properties().getReplyTo();
                    answer = node.answer(request);
                }
            } catch (HubException malformed) {
                answer = new Answer(
                        malformed.error().httpStatus(), malformed.detail(), Conditions.of(malformed.error()), null);
            }
            pending.add(new Pending(replyTo, link.getSession(), link, answer.encode(messageId, writer)));
        }

        @Override
        void opened() {
            link.addCredit(WINDOW);
        }
    }

    /** From the node to the peer. */
    private final class ReplyLink extends ServerLink {
        private final Sender link;
        private final Transfers transfers;

        ReplyLink(String path, Sender link) {
            super(path, link, turn);
            this.link = link;
            this.transfers = new Transfers(link);
        }

        private @Nullable String targetAddress() {
            return link.getRemoteTarget() instanceof Target target ? target.getAddress() : null;
        }

        @Override
        void release() {
            replyLinks.remove(this);
            if (replyLinks.isEmpty()) {
                dropPending();
            }
        }
    }
}
