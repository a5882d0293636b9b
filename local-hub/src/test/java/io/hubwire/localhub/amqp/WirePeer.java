package io.hubwire.localhub.amqp;

import io.hubwire.protocol.vectors.AmqpNotation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.qpid.protonj2.buffer.ProtonBuffer;
import org.apache.qpid.protonj2.buffer.ProtonBufferAllocator;
import org.apache.qpid.protonj2.engine.Connection;
import org.apache.qpid.protonj2.engine.Engine;
import org.apache.qpid.protonj2.engine.EngineFactory;
import org.apache.qpid.protonj2.engine.IncomingDelivery;
import org.apache.qpid.protonj2.engine.Link;
import org.apache.qpid.protonj2.engine.OutgoingDelivery;
import org.apache.qpid.protonj2.engine.Receiver;
import org.apache.qpid.protonj2.engine.Sender;
import org.apache.qpid.protonj2.engine.Session;
import org.apache.qpid.protonj2.engine.sasl.client.SaslAuthenticator;
import org.apache.qpid.protonj2.engine.sasl.client.SaslCredentialsProvider;
import org.apache.qpid.protonj2.engine.sasl.client.SaslMechanismSelector;
import org.apache.qpid.protonj2.types.Symbol;
import org.apache.qpid.protonj2.types.messaging.AmqpValue;
import org.apache.qpid.protonj2.types.messaging.ApplicationProperties;
import org.apache.qpid.protonj2.types.messaging.Properties;
import org.apache.qpid.protonj2.types.messaging.Source;
import org.apache.qpid.protonj2.types.messaging.Target;
import org.apache.qpid.protonj2.types.transport.ErrorCondition;
import org.apache.qpid.protonj2.types.transport.SenderSettleMode;

/**
 * A back end that speaks to a {@link ServerConnection} byte by byte on the test's own thread. {@link #settle} carries
 * bytes both ways until both sides are quiet.
 */
final class WirePeer {
    /** What arrived on a receiver. */
    record Arrived(IncomingDelivery delivery, Map<String, Object> sections) {}

    final Engine engine;
    final Connection connection;
    final ServerConnection server;
    final Map<Receiver, List<Arrived>> arrived = new HashMap<>();
    private final ByteArrayOutputStream toServer = new ByteArrayOutputStream();
    private final Deque<Runnable> serverTasks = new ArrayDeque<>();
    private final SectionWriter writer = new SectionWriter();
    private Session session;
    private List<byte[]> recorded;
    private int requests;

    /** Bare AMQP. */
    WirePeer(ServerContext context) {
        this(context, EngineFactory.PROTON.createNonSaslEngine());
    }

    private WirePeer(ServerContext context, Engine engine) {
        this.engine = engine;
        this.server = new ServerConnection(context, serverTasks::add);
        engine.outputConsumer(this::collect);
        engine.errorHandler(failed -> {});
        connection = engine.start();
        connection.setContainerId("test");
        connection.setHostname("localhost");
    }

    /** With SASL. */
    static WirePeer sasl(ServerContext context, String mechanism, String user, String password) {
        Engine engine = EngineFactory.PROTON.createEngine();
        engine.saslDriver()
                .client()
                .setListener(new SaslAuthenticator(
                        new SaslMechanismSelector(List.of(mechanism)), new SaslCredentialsProvider() {
                            @Override
                            public String vhost() {
                                return "localhost";
                            }

                            @Override
                            public String username() {
                                return user;
                            }

                            @Override
                            public String password() {
                                return password;
                            }

                            @Override
                            public java.security.Principal localPrincipal() {
                                return () -> "CN=test"; // EXTERNAL wants to see one
                            }
                        }));
        return new WirePeer(context, engine);
    }

    WirePeer open() {
        connection.open();
        session = connection.session().open();
        settle();
        return this;
    }

    Session newSession() {
        Session made = connection.session().open();
        settle();
        return made;
    }

    Receiver receiver(String source) {
        return receiver(session, source, null, null);
    }

    Receiver receiver(Session on, String source, Object filter, Map<Symbol, Object> properties) {
        Receiver link = on.receiver("receiver-" + ++requests);
        Source from = new Source().setAddress(source);
        if (filter != null) {
            from.setFilter(Map.of(SelectorFilter.KEY, filter));
        }
        link.setSource(from).setTarget(new Target().setAddress("here")).setProperties(properties);
        List<Arrived> all = new ArrayList<>();
        arrived.put(link, all);
        link.deliveryReadHandler(delivery -> {
            if (!delivery.isPartial()) {
                ProtonBuffer payload = delivery.readAll();
                all.add(new Arrived(delivery, AmqpNotation.describe(payload)));
            }
        });
        link.open();
        settle();
        return link;
    }

    /** Reads partition 2 of {@code $Default} from the start. */
    Receiver reader(Long epoch) {
        return receiver(
                session,
                AmqpTestHub.ENTITY + "/ConsumerGroups/$Default/Partitions/2",
                "amqp.annotation.x-opt-offset > '-1'",
                epoch == null ? null : Map.of(Symbol.valueOf("com.microsoft:epoch"), epoch));
    }

    Sender sender(String target) {
        Sender link = session.sender("sender-" + ++requests);
        link.setSource(new Source().setAddress("here")).setTarget(new Target().setAddress(target));
        link.setSenderSettleMode(SenderSettleMode.UNSETTLED);
        link.open();
        settle();
        return link;
    }

    OutgoingDelivery send(Sender link, ProtonBuffer message) {
        OutgoingDelivery delivery = link.next();
        delivery.setTag(new byte[] {(byte) ++requests});
        delivery.writeBytes(message);
        settle();
        return delivery;
    }

    /** Sections of the events that arrived, as text of their bodies. */
    List<String> bodies(Receiver link) {
        return arrived.get(link).stream()
                .map(a -> new String(
                        java.util.HexFormat.of().parseHex((String) a.sections().get("data")),
                        java.nio.charset.StandardCharsets.UTF_8))
                .toList();
    }

    /** One request to {@code $cbs} or {@code $management} and its answer. */
    Map<String, Object> request(String node, Map<String, Object> applicationProperties, Object body, Object messageId) {
        Receiver replies = receiver(node);
        Sender requestLink = sender(node);
        send(requestLink, message(applicationProperties, body, messageId));
        replies.addCredit(1); // only now: the answer has to wait for it
        settle();
        requestLink.close();
        replies.close();
        settle();
        return arrived.get(replies).get(0).sections();
    }

    /** @return the status of the answer */
    String putToken(String name, String token) {
        Map<String, Object> asked = new LinkedHashMap<>();
        asked.put("operation", "put-token");
        asked.put("type", "servicebus.windows.net:sastoken");
        asked.put("name", name);
        Map<?, ?> status =
                (Map<?, ?>) request("$cbs", asked, token, "id-" + requests).get("application-properties");
        return (String) status.get("String:status-code");
    }

    ProtonBuffer message(Map<String, Object> applicationProperties, Object body, Object messageId) {
        Properties properties = new Properties();
        properties.setMessageId(messageId);
        return writer.draft(0)
                .add(properties)
                .add(new ApplicationProperties(applicationProperties))
                .add(new AmqpValue<>(body))
                .finish();
    }

    /** The condition with which the hub closed a link, or {@code none}. */
    static String condition(Link<?> link) {
        ErrorCondition error = link.getRemoteCondition();
        return error == null ? "none" : error.getCondition().toString();
    }

    /**
     * What a back end sends, bare, from its first byte on, a turn each: puts a token, asks, reads, sends to {@code dev1},
     * leaves.
     */
    static List<byte[]> recordedConversation(AmqpTestHub hub) {
        WirePeer peer = new WirePeer(hub.context);
        peer.recorded = new ArrayList<>();
        peer.open();
        peer.putToken("localhost", hub.token("service", "localhost"));
        peer.reader(1L).addCredit(10);
        peer.settle();
        peer.send(peer.sender("/messages/devicebound"), peer.message(Map.of("iothub-ack", "full"), "x", "id"));
        peer.connection.close();
        peer.settle();
        return peer.recorded;
    }

    /** Bytes for the hub, whose answers nobody reads. */
    void rawToServer(byte[] bytes) {
        server.received(bytes, bytes.length);
        for (Runnable task = serverTasks.poll(); task != null; task = serverTasks.poll()) {
            task.run();
        }
    }

    /** Bytes that no engine would send. */
    void raw(byte[] bytes) {
        toServer.writeBytes(bytes);
        settle();
    }

    /** Carries bytes and runs tasks until nothing moves any more. */
    void settle() {
        boolean moved = true;
        while (moved) {
            moved = false;
            if (toServer.size() > 0) {
                byte[] bytes = toServer.toByteArray();
                toServer.reset();
                if (recorded != null) {
                    recorded.add(bytes);
                }
                server.received(bytes, bytes.length);
                moved = true;
            }
            for (Runnable task = serverTasks.poll(); task != null; task = serverTasks.poll()) {
                task.run();
                moved = true;
            }
            moved |= fetch();
        }
    }

    private boolean fetch() {
        ByteArrayOutputStream fromServer = new ByteArrayOutputStream();
        try {
            server.flush(new ByteSink() {
                @Override
                public void write(byte[] bytes, int offset, int length) {
                    fromServer.write(bytes, offset, length);
                }

                @Override
                public void close() {}
            });
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
        if (fromServer.size() > 0 && engine.isWritable()) {
            engine.accept(ProtonBufferAllocator.defaultAllocator().copy(fromServer.toByteArray()));
            return true;
        }
        return false;
    }

    private void collect(ProtonBuffer out) {
        byte[] bytes = new byte[out.getReadableBytes()];
        out.copyInto(out.getReadOffset(), bytes, 0, bytes.length);
        toServer.writeBytes(bytes);
    }
}
