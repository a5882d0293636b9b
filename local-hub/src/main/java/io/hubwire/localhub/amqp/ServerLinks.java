package io.hubwire.localhub.amqp;

import io.hubwire.localhub.engine.Hub;
import io.hubwire.localhub.engine.HubException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.apache.qpid.protonj2.codec.Decoder;
import org.apache.qpid.protonj2.engine.Link;
import org.apache.qpid.protonj2.engine.Receiver;
import org.apache.qpid.protonj2.engine.Sender;
import org.apache.qpid.protonj2.engine.Session;
import org.apache.qpid.protonj2.types.Symbol;
import org.apache.qpid.protonj2.types.UnsignedLong;
import org.apache.qpid.protonj2.types.messaging.Source;
import org.apache.qpid.protonj2.types.messaging.Target;
import org.apache.qpid.protonj2.types.transport.ErrorCondition;
import org.jspecify.annotations.Nullable;

/**
 * The links of one connection: decides on each attach which node is meant and whether the peer may, answers it, and keeps
 * account of what is open. Source: amqp 9.2, steps 5 to 11.
 */
final class ServerLinks {
    private static final Symbol EPOCH = Symbol.valueOf("com.microsoft:epoch");
    private static final Symbol RUNTIME_METRIC = Symbol.valueOf("com.microsoft:enable-receiver-runtime-metric");
    private static final String CBS_PATH = "$cbs";
    private static final int MAX_LINKS = 2048;
    /** What senders of the hub announce; larger than any event with its annotations. */
    private static final long MAX_EVENT_BYTES = 1024 * 1024;

    private final ServerContext context;
    private final Hub hub;
    private final ConnectionRights rights;
    private final ConnectionTurn turn;
    private final Decoder decoder = Codecs.newDecoder();
    private final EventEncoder events;
    private final FeedbackEncoder feedback;
    private final FileNoticeEncoder fileNotices;
    private final RequestLinks cbs;
    private final RequestLinks management;
    private final Map<Link<?>, ServerLink> open = new LinkedHashMap<>();
    private String host;

    ServerLinks(ServerContext context, ConnectionRights rights, CbsNode cbs, ConnectionTurn turn) {
        this.context = context;
        this.hub = context.hub();
        this.rights = rights;
        this.turn = turn;
        this.host = hub.names().primaryHost();
        SectionWriter writer = new SectionWriter();
        this.events = new EventEncoder(writer);
        this.feedback = new FeedbackEncoder(writer, hub.names().hubName());
        this.fileNotices = new FileNoticeEncoder(writer);
        this.cbs = new RequestLinks(cbs, writer, decoder, turn);
        this.management = new RequestLinks(new ManagementNode(context), writer, decoder, turn);
    }

    /** By which name the peer addressed the hub; a redirect repeats it. */
    void addressedAs(@Nullable String hostname) {
        String asked = hostname == null ? "" : TokenScope.parse(hostname).host();
        if (!asked.isEmpty() && hub.names().answersTo(asked)) {
            host = asked;
        }
    }

    /** The peer wants to receive. */
    void attached(Sender link) {
        Source source = link.getRemoteSource();
        Target target = link.getRemoteTarget() instanceof Target t ? t : null;
        try {
            NodeAddress node = check(source == null ? null : source.getAddress());
            ServerLink opened = outgoing(node, pathOf(node), source, link);
            link.setSource(source == null ? null : echo(source)).setTarget(target);
            link.setMaxMessageSize(UnsignedLong.valueOf(MAX_EVENT_BYTES));
            answer(link, opened);
        } catch (LinkRefused refused) {
            // a refused sender answers without its source
            refuse(link.setTarget(target), refused.condition());
        } catch (HubException refused) {
            refuse(link.setTarget(target), Conditions.of(refused));
        }
    }

    /** The peer wants to send. */
    void attached(Receiver link) {
        Source source = link.getRemoteSource();
        Target target = link.getRemoteTarget() instanceof Target t ? t : null;
        try {
            NodeAddress node = check(target == null ? null : target.getAddress());
            ServerLink opened = incoming(node, pathOf(node), link);
            link.setSource(source).setTarget(target);
            link.setMaxMessageSize(UnsignedLong.valueOf(DeviceboundLink.MAX_MESSAGE_BYTES));
            answer(link, opened);
        } catch (LinkRefused refused) {
            refuse(link.setSource(source), refused.condition());
        } catch (HubException refused) {
            refuse(link.setSource(source), Conditions.of(refused));
        }
    }

    /** A session is gone, and its links with it. */
    void ended(Session session) {
        List.copyOf(open.keySet()).stream()
                .filter(link -> link.getSession() == session)
                .forEach(this::gone);
    }

    /** The connection is gone. */
    void endAll() {
        List.copyOf(open.keySet()).forEach(this::gone);
    }

    /** A link was closed by the hub. */
    void closed(ServerLink link) {
        open.values().remove(link);
        link.closed();
    }

    /** Ends the links whose tokens have ended. */
    void dropExpired(Instant now) {
        for (ServerLink link : new ArrayList<>(open.values())) {
            if (!link.path().equals(CBS_PATH) && !rights.keeps(link.path(), now)) {
                link.detach(
                        new ErrorCondition(Conditions.UNAUTHORIZED, "the token for [" + link.path() + "] has expired"));
            }
        }
    }

    private NodeAddress check(@Nullable String address) {
        if (open.size() >= MAX_LINKS) {
            throw new LinkRefused(Conditions.RESOURCE_LIMIT, "a connection may have " + MAX_LINKS + " links");
        }
        NodeAddress node = NodeAddress.parse(address);
        if (node instanceof NodeAddress.Unknown unknown) {
            throw notFound(unknown.text());
        }
        String entity = node instanceof NodeAddress.Partition p
                ? p.entity()
                : node instanceof NodeAddress.Management m ? m.entity() : null;
        if (entity != null && !context.isEntity(entity)) {
            throw notFound(entity);
        }
        String path = pathOf(node);
        if (!(node instanceof NodeAddress.Cbs)
                && !rights.opens(path, hub.clock().instant())) {
            throw new LinkRefused(
                    Conditions.UNAUTHORIZED, "no token that covers [" + path + "] was put on this connection");
        }
        return node;
    }

    private String pathOf(NodeAddress node) {
        String path;
        if (node instanceof NodeAddress.Cbs) {
            path = CBS_PATH;
        } else if (node instanceof NodeAddress.Management) {
            path = hub.names().eventEntity() + "/$management";
        } else if (node instanceof NodeAddress.Partition p) {
            path = p.entity() + "/ConsumerGroups/" + p.group() + "/Partitions/" + p.partition();
        } else if (node instanceof NodeAddress.Redirect) {
            path = "messages/events";
        } else if (node instanceof NodeAddress.Devicebound) {
            path = "messages/devicebound";
        } else if (node instanceof NodeAddress.Feedback) {
            path = "messages/servicebound/feedback";
        } else {
            path = "messages/servicebound/filenotifications";
        }
        return path.toLowerCase(Locale.ROOT);
    }

    private ServerLink outgoing(NodeAddress node, String path, @Nullable Source source, Sender link) {
        if (node instanceof NodeAddress.Cbs) {
            return cbs.replies(path, link);
        }
        if (node instanceof NodeAddress.Management) {
            return management.replies(path, link);
        }
        if (node instanceof NodeAddress.Partition partition) {
            return reader(partition, path, source, link);
        }
        if (node instanceof NodeAddress.Feedback) {
            return FeedbackLink.feedback(path, link, hub.feedback(), feedback, turn);
        }
        if (node instanceof NodeAddress.FileNotifications) {
            return FeedbackLink.fileNotices(path, link, hub.files().notices(), fileNotices, turn);
        }
        if (node instanceof NodeAddress.Redirect redirect) {
            throw new LinkRefused(redirect(redirect));
        }
        throw new LinkRefused(Conditions.NOT_IMPLEMENTED, "nothing can be received from [" + path + "] on this hub");
    }

    private ServerLink incoming(NodeAddress node, String path, Receiver link) {
        if (node instanceof NodeAddress.Cbs) {
            return cbs.requests(path, link);
        }
        if (node instanceof NodeAddress.Management) {
            return management.requests(path, link);
        }
        if (node instanceof NodeAddress.Devicebound) {
            return new DeviceboundLink(path, link, hub.c2d(), decoder, turn);
        }
        throw new LinkRefused(Conditions.NOT_ALLOWED, "nothing can be sent to [" + path + "]");
    }

    private ServerLink reader(NodeAddress.Partition asked, String path, @Nullable Source source, Sender link) {
        if (!context.hasConsumerGroup(asked.group())) {
            throw notFound(asked.entity() + "/ConsumerGroups/" + asked.group());
        }
        OptionalInt partition = ManagementNode.partitionNumber(asked.partition(), hub.events());
        if (partition.isEmpty()) {
            throw new LinkRefused(
                    Conditions.ARGUMENT_RANGE,
                    "partition [" + asked.partition() + "] is not one of 0 to "
                            + (hub.events().partitions() - 1));
        }
        PartitionLink reader = new PartitionLink(
                new PartitionLink.Request(
                        path,
                        asked.group(),
                        partition.getAsInt(),
                        SelectorFilter.parse(source == null ? null : source.getFilter()),
                        epoch(link.getRemoteProperties()),
                        desires(link.getRemoteDesiredCapabilities(), RUNTIME_METRIC)),
                link,
                context,
                events,
                turn);
        reader.join();
        return reader;
    }

    private static OptionalLong epoch(@Nullable Map<Symbol, Object> properties) {
        Object epoch = properties == null ? null : properties.get(EPOCH);
        return epoch instanceof Number number ? OptionalLong.of(number.longValue()) : OptionalLong.empty();
    }

    private static boolean desires(Symbol @Nullable [] capabilities, Symbol wanted) {
        return capabilities != null && List.of(capabilities).contains(wanted);
    }

    /** Only the filter the hub honours is echoed. */
    private static Source echo(Source source) {
        Map<Symbol, Object> filter = source.getFilter();
        Object selector = filter == null ? null : filter.get(SelectorFilter.KEY);
        source.setFilter(selector == null ? null : Map.of(SelectorFilter.KEY, selector));
        return source;
    }

    private ErrorCondition redirect(NodeAddress.Redirect asked) {
        Map<Symbol, Object> info = new LinkedHashMap<>();
        info.put(Symbol.valueOf("hostname"), host);
        info.put(Symbol.valueOf("network-host"), host);
        info.put(Symbol.valueOf("port"), context.redirectPort());
        info.put(
                Symbol.valueOf("address"),
                "amqps://" + host + ":" + context.redirectPort() + "/"
                        + hub.names().eventEntity() + asked.rest());
        return new ErrorCondition(Symbol.valueOf(Conditions.REDIRECT), "events are read at the address in info", info);
    }

    private <L extends Link<L>> void answer(L link, ServerLink opened) {
        link.setSenderSettleMode(link.getRemoteSenderSettleMode());
        link.setReceiverSettleMode(link.getRemoteReceiverSettleMode());
        open.put(link, opened);
        link.closeHandler(l -> {
            gone(l);
            l.close();
        });
        link.detachHandler(l -> {
            gone(l);
            l.detach();
        });
        link.open();
        opened.opened();
    }

    private static <L extends Link<L>> void refuse(L link, ErrorCondition why) {
        link.setSenderSettleMode(link.getRemoteSenderSettleMode());
        link.setReceiverSettleMode(link.getRemoteReceiverSettleMode());
        link.open();
        link.setCondition(why);
        link.close();
    }

    private void gone(Link<?> link) {
        ServerLink closed = open.remove(link);
        if (closed != null) {
            closed.closed();
        }
    }

    private static LinkRefused notFound(String entity) {
        return new LinkRefused(Conditions.NOT_FOUND, Conditions.entityNotFound(entity));
    }
}
